import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Makes texts that visitors carry about and cannot change: session cookies, view states. */
export class Sealer {
  readonly #key = randomBytes(32);

  /** The text with a seal, in characters that a cookie may hold. */
  seal(text: string): string {
    const payload = Buffer.from(text, 'utf8').toString('base64url');
    return `${payload}.${this.#mark(payload).toString('base64url')}`;
  }

  /** The text that was sealed, or undefined if this sealer did not seal it. */
  open(sealed: string): string | undefined {
    const [payload = '', mark = ''] = sealed.split('.', 2);
    const given = Buffer.from(mark, 'base64url');
    const right = this.#mark(payload);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    return Buffer.from(payload, 'base64url').toString('utf8');
  }

  #mark(payload: string): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}
