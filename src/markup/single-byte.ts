import { lazyPackage } from './lazy-package.ts';

const iconv = lazyPackage<typeof import('iconv-lite')>('iconv-lite');

// Where the tables of iconv-lite differ from those of the Encoding Standard.
const CORRECTIONS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  macintosh: { 189: 0x3a9, 219: 0x20ac, 240: 0xf8ff },
  'koi8-u': { 174: 0x45e, 190: 0x40e },
  'x-mac-cyrillic': { 255: 0x20ac },
};
const ICONV_NAMES: Readonly<Record<string, string>> = {
  'x-mac-cyrillic': 'macukraine',
  'iso-8859-8-i': 'iso-8859-8',
};

const REPLACEMENT = 0xfffd;

const SINGLE_BYTE: ReadonlySet<string> = new Set(
  (
    'ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i ' +
    'iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874 ' +
    'windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 ' +
    'windows-1257 windows-1258 x-mac-cyrillic x-user-defined'
  ).split(' '),
);

/** Is each byte one character in this encoding? The name is that of the Encoding Standard. */
export function isSingleByte(encoding: string): boolean {
  return SINGLE_BYTE.has(encoding);
}

const decoders = new Map<string, Uint16Array>();
const encoders = new Map<string, Map<string, Uint8Array>>();

/** Decodes a single-byte encoding by the tables of the Encoding Standard. */
export function decodeSingleByte(body: Uint8Array, encoding: string): string {
  const table = tableOf(encoding);
  const units = Buffer.allocUnsafe(body.length * 2);
  for (let at = 0; at < body.length; at += 1) {
    const unit = table[body[at] ?? 0] ?? REPLACEMENT;
    units[at * 2] = unit & 0xff;
    units[at * 2 + 1] = unit >> 8;
  }
  return units.toString('ucs2');
}

/** The byte of a character, or undefined if the encoding has none for it. */
export function singleByteOf(character: string, encoding: string): Uint8Array | undefined {
  let encoder = encoders.get(encoding);
  if (encoder === undefined) {
    encoder = new Map();
    for (const [byte, unit] of tableOf(encoding).entries()) {
      if (unit !== REPLACEMENT) encoder.set(String.fromCharCode(unit), Uint8Array.of(byte));
    }
    encoders.set(encoding, encoder);
  }
  return encoder.get(character);
}

function tableOf(encoding: string): Uint16Array {
  const known = decoders.get(encoding);
  if (known !== undefined) return known;
  const table = new Uint16Array(256).map((_, byte) => unitOf(byte, encoding));
  decoders.set(encoding, table);
  return table;
}

function unitOf(byte: number, encoding: string): number {
  if (byte < 0x80) return byte;
  if (encoding === 'x-user-defined') return 0xf700 + byte;
  const corrected = CORRECTIONS[encoding]?.[byte];
  if (corrected !== undefined) return corrected;
  const unit = iconv()
    .decode(Buffer.from([byte]), ICONV_NAMES[encoding] ?? encoding)
    .charCodeAt(0);
  // Bytes that Windows code pages leave open are control characters.
  return unit === REPLACEMENT && byte < 0xa0 ? byte : unit;
}
