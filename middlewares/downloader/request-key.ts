import { createHash } from 'node:crypto';
import { type IdentitySettings, type Request, requestFingerprint } from '../../src/api.ts';

/**
 * Under what the answer to a request is kept over crawls: requests that are one for the duplicate filter are one
 * here, but each cookie jar and each named session has answers of its own. Holds nothing secret.
 */
export function requestKey(request: Request, settings: IdentitySettings): string {
  const key = requestFingerprint(settings)(request);
  const jar = request.meta.cookieJar ?? request.meta.session;
  if (jar === undefined || jar === null) return key;
  return `${key}.${createHash('sha256').update(String(jar)).digest('base64url').slice(0, 22)}`;
}

/** A URL as it may be stored: without a user and password in it. */
export function storableUrl(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#@]*@/i, '$1');
}
