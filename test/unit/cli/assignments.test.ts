import { describe, expect, it } from 'vitest';
import { assignments } from '../../../src/cli/assignments.ts';

describe('assignments', () => {
  it('splits at the first equals sign', () => {
    expect(assignments('-a', ['url=http://a.test/?x=1', 'empty='], {})).toEqual([
      { name: 'url', value: 'http://a.test/?x=1' },
      { name: 'empty', value: '' },
    ]);
  });

  it('takes @env:VAR from the environment', () => {
    expect(assignments('-a', ['key=@env:SHOP_KEY'], { SHOP_KEY: 's3cret' })).toEqual([
      { name: 'key', value: 's3cret' },
    ]);
  });

  it('takes @@ for a plain @', () => {
    expect(assignments('-a', ['name=@@env:x'], {})[0]?.value).toBe('@env:x');
  });

  it('names a variable that is not set', () => {
    expect(() => assignments('-a', ['key=@env:NOPE'], {})).toThrow(
      '-a key: the environment has no variable NOPE',
    );
  });

  it('refuses a word without a name or an equals sign', () => {
    expect(() => assignments('-s', ['maxPages'], {})).toThrow('-s maxPages: expected NAME=VALUE');
    expect(() => assignments('-s', ['=1'], {})).toThrow('expected NAME=VALUE');
  });
});
