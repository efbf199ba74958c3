import { createHash } from 'node:crypto';
import { fingerprint, type Request, type Settings } from '../../src/api.ts';

/** What a key is made from. */
export type KeyedRequest = Pick<Request, 'url' | 'method' | 'meta'> &
  Partial<Pick<Request, 'body' | 'headers'>>;

/**
 * Under what the answer to a request is kept over crawls: requests that are one for the duplicate filter are one
 * here, but each cookie jar has answers of its own. Holds nothing secret.
 */
export function requestKey(
  { url, method, meta, body, headers }: KeyedRequest,
  { fingerprintHeaders, fingerprintFragments }: Pick<Settings, 'fingerprintHeaders' | 'fingerprintFragments'>,
): string {
  const identity = { url, method, body, ...(headers && { headers }) };
  const options = { includeHeaders: fingerprintHeaders, keepFragments: fingerprintFragments };
  const key = fingerprint(identity, options);
  if (meta.cookieJar === undefined) return key;
  return `${key}.${createHash('sha256').update(String(meta.cookieJar)).digest('base64url').slice(0, 22)}`;
}

/** A URL as it may be stored: without a user and password in it. */
export function storableUrl(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#@]*@/i, '$1');
}
