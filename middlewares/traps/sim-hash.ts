/** A text as 64 bits: texts that share most of their word groups differ in few of them. */
export interface SimHash {
  readonly high: number;
  readonly low: number;
}

const LONGEST_TEXT = 200_000;
const FEWEST_WORDS = 30;
const GROUP = 3;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The SimHash of a text's groups of three words (Charikar 2002), from its first 200,000 characters. Undefined for
 * texts of fewer than 30 words: they say too little to be compared.
 */
export function simHash(text: string): SimHash | undefined {
  const words = text.slice(0, LONGEST_TEXT).toLowerCase().match(WORD) ?? [];
  if (words.length < FEWEST_WORDS) return undefined;
  const sums = new Int32Array(64);
  const hashes = words.map(textHash);
  for (let at = 0; at + GROUP <= hashes.length; at++) {
    let high = 0x9e3779b9;
    let low = 0x85ebca6b;
    for (let next = at; next < at + GROUP; next++) {
      const word = hashes[next] ?? 0;
      high = mixed(high ^ word);
      low = mixed(Math.imul(low, 31) + word);
    }
    for (let bit = 0; bit < 32; bit++) {
      sums[bit] = (sums[bit] ?? 0) + (((high >>> bit) & 1) * 2 - 1);
      sums[bit + 32] = (sums[bit + 32] ?? 0) + (((low >>> bit) & 1) * 2 - 1);
    }
  }
  return { high: signs(sums, 0), low: signs(sums, 32) };
}

/** How many of the 64 bits differ. */
export function distance(a: SimHash, b: SimHash): number {
  return ones(a.high ^ b.high) + ones(a.low ^ b.low);
}

function signs(sums: Int32Array, from: number): number {
  let bits = 0;
  for (let bit = 0; bit < 32; bit++) if ((sums[from + bit] ?? 0) > 0) bits |= 1 << bit;
  return bits;
}

/** A text as 32 bits, by FNV-1a over its code units: quick, and no secret. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The last steps of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function ones(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
