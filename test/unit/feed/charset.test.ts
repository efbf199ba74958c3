import { describe, expect, it } from 'vitest';
import { charset } from '../../../src/feed/charset.ts';

const encoded = (label: string, text: string): Buffer =>
  Buffer.from(charset(label).encode(text, (character) => `<${character.codePointAt(0)}>`) as string);

describe('charset', () => {
  it('means by a label what it says', () => {
    expect(encoded('latin-1', 'é€').toString('latin1')).toBe('é<8364>');
    expect(encoded('windows-1252', 'é€').toString('hex')).toBe('e980');
    expect(encoded('us-ascii', 'é').toString()).toBe('<233>');
    expect(encoded('shift_jis', '日😀').toString('latin1')).toBe('\x93\xfa<128512>');
  });

  it('puts a byte-order mark where the label asks for one', () => {
    expect(charset('utf-8').mark).toBe('');
    expect(charset('utf-8-sig').mark).toBe('\ufeff');
    expect(encoded('utf-16', `${charset('utf-16').mark}a`).toString('hex')).toBe('fffe6100');
  });
});
