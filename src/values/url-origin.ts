/** The origin of a URL as `Request.url` holds it, with nothing that a parser would change: no port, no number. */
const PLAIN = /^https?:\/\/(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?=\/)/;

/**
 * The origin that credentials and robots.txt belong to: scheme, host and port, the port left out where it is
 * the scheme's own (`https://a.test`, `http://a.test:8080`). Two URLs are of one origin exactly when these
 * texts are equal.
 *
 * @throws TypeError when the URL is not absolute.
 */
export function originOf(url: string): string {
  const plain = PLAIN.exec(url);
  if (plain !== null) return plain[0];
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/**
 * The throttling group of a URL: host name, and port where it is not the scheme's own, so that http and https
 * of one host share their pace. A URL without a host gives its scheme.
 *
 * @throws TypeError when the URL is not absolute.
 */
export function hostKey(url: string): string {
  const origin = originOf(url);
  const at = origin.indexOf('//');
  return origin.slice(at + 2) || origin.slice(0, at);
}
