import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../contracts/clock.ts';

interface Entry {
  readonly addresses: readonly LookupAddress[];
  readonly expiresAt: number;
}

type Resolver = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * Addresses of host names, kept for a while. A name that is being asked for is asked once; failures are not
 * kept. Bounded: the name stored longest ago goes first.
 */
export class DnsCache {
  readonly #ttlMs: number;
  readonly #clock: Clock;
  readonly #maxNames: number;
  readonly #resolver: Resolver;
  readonly #entries = new Map<string, Entry>();
  readonly #asked = new Map<string, Promise<readonly LookupAddress[]>>();

  constructor(ttlMs: number, clock: Clock, maxNames = 10_000, resolver: Resolver = resolveBySystem) {
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#maxNames = maxNames;
    this.#resolver = resolver;
  }

  /** Every address of a name, in the order to try them. @throws the resolver's error. */
  resolve(hostname: string): Promise<readonly LookupAddress[]> {
    const entry = this.#entries.get(hostname);
    if (entry !== undefined && entry.expiresAt > this.#clock.monotonicMs()) {
      return Promise.resolve(entry.addresses);
    }
    const asked = this.#asked.get(hostname);
    if (asked !== undefined) return asked;
    const answer = this.#resolver(hostname)
      .then((addresses) => this.#keep(hostname, addresses))
      .finally(() => this.#asked.delete(hostname));
    this.#asked.set(hostname, answer);
    return answer;
  }

  /** `net.connect`'s lookup over this cache; `check` sees every address before any is used and may throw. */
  lookupWith(check: (addresses: readonly LookupAddress[]) => void): LookupFunction {
    return (hostname, { all, family }, callback) => {
      this.resolve(hostname)
        .then((addresses) => {
          check(addresses);
          const wanted = addresses.filter((one) => !isFamily(family) || one.family === family);
          const [first] = wanted;
          if (first === undefined) throw noAddress(hostname);
          return { wanted, first };
        })
        .then(
          ({ wanted, first }) => (all ? callback(null, wanted) : callback(null, first.address, first.family)),
          (error) => callback(error, []),
        );
    };
  }

  #keep(hostname: string, addresses: readonly LookupAddress[]): readonly LookupAddress[] {
    if (this.#ttlMs <= 0) return addresses;
    this.#entries.delete(hostname);
    this.#entries.set(hostname, { addresses, expiresAt: this.#clock.monotonicMs() + this.#ttlMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxNames) break;
      this.#entries.delete(oldest);
    }
    return addresses;
  }
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function isFamily(family: number | string | undefined): boolean {
  return family === 4 || family === 6;
}

function noAddress(hostname: string): Error {
  return Object.assign(new Error(`${hostname} has no address of this family`), { code: 'ENOTFOUND' });
}
