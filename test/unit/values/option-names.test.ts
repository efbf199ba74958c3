import { expect, it } from 'vitest';
import { UnknownOptionError } from '../../../src/errors/unknown-option-error.ts';
import { OptionNames } from '../../../src/values/option-names.ts';

const names = new OptionNames({ restrictXpath: true, dontFilter: true, json: true }, { data: 'json' });

it('lets what is known through, given or not', () => {
  expect(() => names.check('it', {})).not.toThrow();
  expect(() => names.check('it', { dontFilter: true, json: undefined })).not.toThrow();
});

it.each([
  ['restrictXpaths', 'it has no option "restrictXpaths": did you mean restrictXpath?'],
  ['restrict_xpaths', 'did you mean restrictXpath?'],
  ['dont_filter', 'did you mean dontFilter?'],
  ['data', 'did you mean json?'],
  ['colour', 'it takes restrictXpath, dontFilter, json'],
  ['constructor', 'it takes restrictXpath, dontFilter, json'],
])('refuses %s, and says what was meant', (name, message) => {
  expect(() => names.check('it', { [name]: 1 })).toThrow(message);
});

it('names the option in the error', () => {
  expect(() => names.check('it', { colour: 1 })).toThrow(UnknownOptionError);
  expect(() => names.check('it', { colour: 1 })).toThrow(expect.objectContaining({ option: 'colour' }));
});
