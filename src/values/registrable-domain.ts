import { lazyPackage } from '../markup/lazy-package.ts';

const tldts = lazyPackage<typeof import('tldts')>('tldts');

/**
 * The domain that was registered for a URL's host (`site.co.uk` of `www.site.co.uk`), by the public suffix list;
 * undefined: an address, or a name without one. `allowPrivateDomains`: each customer of a provider such as
 * `github.io` is a domain of its own.
 */
export function registrableDomain(url: string, allowPrivateDomains: boolean): string | undefined {
  return tldts().getDomain(url, { allowPrivateDomains }) ?? undefined;
}
