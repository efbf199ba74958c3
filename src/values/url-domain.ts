import { domainToASCII } from 'node:url';

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Whether the URL's host is one of the domains or a sub-domain of one. A domain may name its port
 * (`a.test:8080`). Text that is no URL is of no domain.
 */
export function urlIsFromAnyDomain(url: string, domains: Iterable<string>): boolean {
  const parsed = URL.parse(url.startsWith('//') ? `http:${url}` : url);
  if (parsed === null || parsed.host === '') return false;
  const { host } = parsed;
  const hostname = parsed.hostname.replace(/\.$/, '');
  for (const given of domains) {
    const domain = NOT_ASCII.test(given) ? domainToASCII(given) : given.toLowerCase();
    if (domain === '') continue;
    if (host === domain || isWithin(hostname, domain)) return true;
  }
  return false;
}

function isWithin(hostname: string, domain: string): boolean {
  return (
    hostname.endsWith(domain) &&
    (hostname.length === domain.length || hostname[hostname.length - domain.length - 1] === '.')
  );
}

/**
 * Whether the URL's path ends in one of the extensions, whatever its case. Extensions are given in lower case
 * with their dot: `.pdf`, `.tar.gz`. A Set costs one look-up for each dot of the file name.
 */
export function urlHasAnyExtension(
  url: string,
  extensions: readonly string[] | ReadonlySet<string>,
): boolean {
  const known = extensions instanceof Set ? extensions : new Set(extensions);
  const file = fileName(url).toLowerCase();
  for (let dot = file.indexOf('.'); dot >= 0; dot = file.indexOf('.', dot + 1)) {
    if (known.has(file.slice(dot))) return true;
  }
  return false;
}

/** The last segment of the path, without parameters (`;v=1`). */
function fileName(url: string): string {
  const address = url.trim().replace(/[?#].*$/s, '');
  const scheme = address.indexOf('//');
  const slash = address.lastIndexOf('/');
  if (scheme >= 0 && slash < scheme + 2) return '';
  const segment = address.slice(slash + 1);
  const parameters = segment.indexOf(';');
  return parameters < 0 ? segment : segment.slice(0, parameters);
}
