import { createHash } from 'node:crypto';

/** Digest functions of archives. */
export type DigestAlgorithm = 'sha1' | 'sha256';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;

/** The labelled digest of some bytes, `sha1:` and base32 as archives write it (RFC 4648 6, without padding). */
export function digestOf(pieces: readonly Uint8Array[], algorithm: DigestAlgorithm): string {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return `${algorithm}:${base32(hash.digest())}`;
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) text += ALPHABET[(held >> (bits - BITS)) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[(held << (BITS - bits)) & 31];
}
