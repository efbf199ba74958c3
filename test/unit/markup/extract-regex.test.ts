import { describe, expect, it } from 'vitest';
import { extractRegex } from '../../../src/markup/extract-regex.ts';
import { SelectorError } from '../../../src/markup/selector-error.ts';

describe('extractRegex', () => {
  it.each<[string, RegExp | string, string, string[]]>([
    ['all matches', /\d/, 'a1b2', ['1', '2']],
    ['all groups, an absent one as nothing', /(a)(x)?/, 'aa', ['a', '', 'a', '']],
    ['the group named extract of the first match', /(?<extract>\d)(.)/, '1a2b', ['1']],
    ['the named groups of Python', '(?P<extract>\\d)', 'a1', ['1']],
    ['flags at the beginning of an expression', '(?i)A', 'aA', ['a', 'A']],
    ['nothing', /x/, 'a', []],
  ])('gives %s', (_what, regex, text, wanted) => {
    expect(extractRegex(regex, text)).toEqual(wanted);
  });

  it('replaces character references but for those of < and &', () => {
    expect(extractRegex(/.+/, '&eacute;&lt;&amp;&#65;')).toEqual(['é&lt;&amp;A']);
  });

  it('goes over a million characters of half references in bounded time', () => {
    const text = '&a&#'.repeat(250_000);
    const start = performance.now();
    expect(extractRegex(/.+/, text)[0]).toHaveLength(text.length);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('names an expression that can not be read', () => {
    expect(() => extractRegex('(', 'a')).toThrow(SelectorError);
  });
});
