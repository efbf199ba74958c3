import { MASK, maskSecrets } from './mask-secrets.ts';

// A shorter value would blot out half of every text and is no secret.
const SHORTEST_SECRET = 4;

/** Takes secrets out of texts: those of a known shape, and the values it was told. */
export class SecretMask {
  #secrets: readonly string[] = [];

  /** Hides these values from now on, as they are and as they stand in a URL. */
  add(values: Iterable<string>): void {
    const spellings = [...values].flatMap((value) => [value, inUrl(value)]);
    const told = new Set([...this.#secrets, ...spellings.filter(({ length }) => length >= SHORTEST_SECRET)]);
    // The longest first: one secret may be part of another.
    this.#secrets = [...told].sort((a, b) => b.length - a.length);
  }

  /** The text without secrets. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
    return maskSecrets(masked);
  }
}

function inUrl(value: string): string {
  // By way of bytes: half a surrogate pair would throw.
  return encodeURIComponent(Buffer.from(value).toString());
}
