import { describe, expect, it } from 'vitest';
import { SecretMask } from '../../../src/logging/secret-mask.ts';

const masked = (secrets: readonly string[], text: string): string => {
  const mask = new SecretMask();
  mask.add(secrets);
  return mask.mask(text);
};

describe('SecretMask', () => {
  it('hides what it was told, wherever it stands', () => {
    expect(masked(['hunter2'], 'a hunter2 and xhunter2x')).toBe('a *** and x***x');
  });

  it('hides a value also as it stands in a URL', () => {
    expect(masked(['pass word/1'], 'http://a.test/?q=pass%20word%2F1')).toBe('http://a.test/?q=***');
  });

  it('hides the longer of two where one is part of the other', () => {
    expect(masked(['hunter', 'hunter2000'], 'is hunter2000')).toBe('is ***');
  });

  it('leaves values alone that are too short to be secrets', () => {
    expect(masked(['no', ''], 'no news')).toBe('no news');
  });

  it('takes half a character', () => {
    expect(masked(['abc\ud800'], 'x')).toBe('x');
  });
});
