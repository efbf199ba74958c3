import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { registrableDomain } from './registrable-domain.ts';
import type { Request } from './request.ts';
import { hostKey } from './url-origin.ts';

/**
 * Which requests share one pace. `host`: those of one host name and port. `domain`: those of one registrable domain
 * (`www.example.co.uk` and `shop.example.co.uk`); addresses and names without one stay by themselves. `crawl`: all.
 * A function: those for which it gives the same name; those for which it gives `undefined` go by their host.
 */
export type ThrottleScope = 'host' | 'domain' | 'crawl' | ((request: Request) => string | undefined);

/** The name of the group where the whole crawl is one. */
const EVERYTHING = 'crawl';

/** Makes the function that names the throttling group of a request; `meta.downloadSlot` wins over the scope. */
export function throttleGroup(scope: ThrottleScope): (request: Request) => string {
  const keyOf = keyFunction(scope);
  return (request) => request.meta.downloadSlot ?? keyOf(request);
}

function keyFunction(scope: ThrottleScope): (request: Request) => string {
  if (scope === 'host') return ({ url }) => hostKey(url);
  if (scope === 'crawl') return () => EVERYTHING;
  // The public part of the list only: what one provider hosts under many names is one place to spare.
  if (scope === 'domain') return ({ url }) => registrableDomain(url, false) ?? hostKey(url);
  return (request) => {
    const key: unknown = scope(request);
    if (key === undefined) return hostKey(request.url);
    if (typeof key === 'string' && key !== '') return key;
    throw new InvalidRequestError(
      `throttleScope gave ${key === '' ? 'an empty text' : typeof key} for ${request.url}: it has to give the name of a group, or undefined for that of the host`,
    );
  };
}
