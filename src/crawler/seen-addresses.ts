import { SeenSet } from '../scheduler/seen-set.ts';
import { fingerprintOf } from '../values/fingerprint.ts';

/** Addresses that were there already: millions of them, each as 16 bytes however long it is. */
export class SeenAddresses {
  readonly #seen = new SeenSet();

  /** Records an address; whether it was new. */
  add(url: string): boolean {
    return this.#seen.add(fingerprintOf(url));
  }
}
