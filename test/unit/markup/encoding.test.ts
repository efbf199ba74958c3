import { describe, expect, it } from 'vitest';
import {
  decodeText,
  encodeText,
  normalizeEncodingLabel,
  sniffEncoding,
} from '../../../src/markup/encoding.ts';

const bytes = (...values: (number | string)[]): Buffer =>
  Buffer.concat(
    values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.of(value))),
  );

describe('sniffEncoding', () => {
  const META = '<meta charset=windows-1251>';

  it.each<[string, Buffer, string | null, string]>([
    [
      'a byte order mark over the header',
      bytes(0xef, 0xbb, 0xbf, META),
      'text/html; charset=latin1',
      'utf-8',
    ],
    ['the header over the page', bytes(META), 'text/html; charset=EUC-KR', 'euc-kr'],
    ['the page over detection', bytes(META), 'text/html', 'windows-1251'],
    ['the page where the header has an unknown name', bytes(META), 'text/html; charset=nope', 'windows-1251'],
    [
      'a declaration by http-equiv',
      bytes('<meta http-equiv=content-type content="text/html; charset=euc-kr">'),
      null,
      'euc-kr',
    ],
    ['valid UTF-8 of its own', Buffer.from('<p>é</p>'), null, 'utf-8'],
  ])('prefers %s', (_what, body, contentType, wanted) => {
    expect(sniffEncoding(body, { contentType, kind: 'html' })).toBe(wanted);
  });

  it('reads the declaration of XML', () => {
    const body = bytes('<?xml version="1.0" encoding="iso-8859-2"?><r/>');
    expect(sniffEncoding(body, { contentType: null, kind: 'xml' })).toBe('iso-8859-2');
  });
});

describe('decodeText', () => {
  it.each([
    ['windows-1252', [0x80, 0x93, 0x9f, 0xe9], '€“Ÿé'],
    ['latin1', [0x80, 0xa4], '€¤'],
    ['iso-8859-15', [0xa4], '€'],
    ['windows-1251', [0xcf, 0xf0], 'Пр'],
    ['koi8-r', [0xf0], 'П'],
    ['euc-kr', [0xb0, 0xa1, 0xc8, 0xfe], '가힝'],
    ['ks_c_5601-1987', [0x81, 0x41], '갂'],
    ['shift_jis', [0x82, 0xa0], 'あ'],
    ['euc-jp', [0xa4, 0xa2], 'あ'],
    ['gb2312', [0xc4, 0xe3], '你'],
    ['big5', [0xa7, 0x41], '你'],
    ['utf-16le', [0x41, 0, 0xe9, 0], 'Aé'],
    ['utf-16be', [0, 0x41], 'A'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42], 'あ'],
  ])('reads %s', (encoding, values, wanted) => {
    expect(decodeText(Uint8Array.from(values), encoding)).toBe(wanted);
  });

  it('leaves out the byte order mark', () => {
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 'a'), 'utf-8')).toBe('a');
  });

  it('puts U+FFFD for broken bytes', () => {
    expect(decodeText(bytes('a', 0xff, 'b'), 'utf-8')).toBe('a\ufffdb');
    expect(decodeText(bytes('a', 0xff), 'euc-kr')).toBe('a\ufffd');
  });

  it('reads an unknown encoding as UTF-8', () => {
    expect(decodeText(Buffer.from('é'), 'no-such-encoding')).toBe('é');
  });
});

describe('encodeText', () => {
  it.each([
    ['windows-1252', '€é', [0x80, 0xe9]],
    ['euc-kr', '가', [0xb0, 0xa1]],
    ['utf-16le', 'é', [0xc3, 0xa9]],
  ])('writes %s', (encoding, text, wanted) => {
    expect([...encodeText(text, encoding)]).toEqual(wanted);
  });

  it('writes what the encoding lacks as a decimal reference', () => {
    expect(Buffer.from(encodeText('a가', 'latin1')).toString('latin1')).toBe('a&#44032;');
    expect(Buffer.from(encodeText('😀', 'euc-kr')).toString('latin1')).toBe('&#128512;');
  });
});

describe('normalizeEncodingLabel', () => {
  it.each([
    [' Latin1 ', 'windows-1252'],
    ['UTF8', 'utf-8'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['nope', undefined],
  ])('names %j', (label, wanted) => {
    expect(normalizeEncodingLabel(label)).toBe(wanted);
  });
});
