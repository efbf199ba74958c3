/** A URL as archives name it: without a fragment, which is never sent, and without user and password. */
export function recordUrl(url: string): string {
  const hash = url.indexOf('#');
  const sent = hash < 0 ? url : url.slice(0, hash);
  return sent.includes('@') ? sent.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1') : sent;
}
