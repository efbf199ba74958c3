import { registrableDomain } from '../values/registrable-domain.ts';

/** What belongs to a site: pages of one host, of a domain with all its hosts, or below the folder of the first page. */
export type SiteScope = 'domain' | 'host' | 'path';

/** The domain that was registered for a host (`site.co.uk` of `www.site.co.uk`); an address or `localhost` is its own. */
export function siteDomain(url: string): string {
  const hostname = URL.parse(url)?.hostname ?? '';
  return registrableDomain(url, true) ?? hostname;
}

/** Whether addresses belong to the site that a page is of. */
export function siteScope(scope: SiteScope, root: string): (url: string) => boolean {
  const { host = '', pathname = '/' } = URL.parse(root) ?? {};
  const domain = siteDomain(root);
  const folder = pathname.slice(0, pathname.lastIndexOf('/') + 1);
  return (url) => {
    const other = URL.parse(url);
    if (other === null || (other.protocol !== 'http:' && other.protocol !== 'https:')) return false;
    if (scope === 'domain') return siteDomain(url) === domain;
    return other.host === host && (scope === 'host' || other.pathname.startsWith(folder));
  };
}
