import { describe, expect, it } from 'vitest';
import { trimCharacters } from '../../../src/markup/trim-characters.ts';
import { growth } from '../../support/growth.ts';

describe('trimCharacters', () => {
  it('cuts the named characters at both ends and no others', () => {
    expect(trimCharacters('\t a \n b\u00a0 \n', ' \t\n')).toBe('a \n b\u00a0');
    expect(trimCharacters('  ', ' ')).toBe('');
    expect(trimCharacters('', ' ')).toBe('');
  });

  it('takes linear time for blanks in the middle', () => {
    expect(growth((size) => trimCharacters(`a${' '.repeat(size)}b`, ' '))).toBeLessThan(24);
    expect(trimCharacters(`a${' '.repeat(1_000_000)}b `, ' ')).toHaveLength(1_000_002);
  });
});
