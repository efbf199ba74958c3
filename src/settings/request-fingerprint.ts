import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { type Fingerprint, fingerprint, fingerprintOf } from '../values/fingerprint.ts';
import type { Request } from '../values/request.ts';
import type { Settings } from './settings.ts';

/** The settings that say which requests are the same. */
export type IdentitySettings = Pick<Settings, 'fingerprint' | 'fingerprintHeaders' | 'fingerprintFragments'>;

/**
 * Makes the function that gives the identity of a crawl's requests, for duplicate filter, caches and jobs.
 *
 * It throws InvalidRequestError where `settings.fingerprint` gives neither a text nor undefined.
 */
export function requestFingerprint({
  fingerprint: identityOf,
  fingerprintHeaders,
  fingerprintFragments,
}: IdentitySettings): (request: Request) => Fingerprint {
  const options = { includeHeaders: fingerprintHeaders, keepFragments: fingerprintFragments };
  if (identityOf === undefined) return (request) => fingerprint(request, options);
  return (request) => {
    const identity: unknown = identityOf(request);
    if (identity === undefined) return fingerprint(request, options);
    if (typeof identity === 'string') return fingerprintOf(identity);
    throw new InvalidRequestError(
      `settings.fingerprint gave ${identity === null ? 'null' : typeof identity} for ${request.url}: it has to give a text that is the same for the same page, or undefined for the built-in identity`,
    );
  };
}
