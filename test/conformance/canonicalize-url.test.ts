import { type CanonicalUrlOptions, canonicalizeUrl } from '../../src/values/canonical-url.ts';
import { cases } from './load.ts';

cases<{ url: string } & CanonicalUrlOptions>('canonicalize-url', ({ url, ...options }) =>
  canonicalizeUrl(url, options),
);
