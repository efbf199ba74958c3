import type { FingerprintOptions } from '../values/fingerprint.ts';
import type { Settings } from './settings.ts';

/** What counts in the fingerprints of a crawl's requests. */
export function requestIdentity({
  fingerprintHeaders,
  fingerprintFragments,
}: Pick<Settings, 'fingerprintHeaders' | 'fingerprintFragments'>): FingerprintOptions {
  return { includeHeaders: fingerprintHeaders, keepFragments: fingerprintFragments };
}
