import { originOf, SettingsError } from '../src/api.ts';

/** The policies of the W3C, and `default`: as `no-referrer-when-downgrade`. */
const POLICIES = [
  'default',
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const;

/** Name of a policy that says how much of a page's address the next request tells. */
export type ReferrerPolicy = (typeof POLICIES)[number];

/**
 * The last policy that a comma-separated list names, as in a Referrer-Policy header; unknown names are skipped.
 * https://www.w3.org/TR/referrer-policy/#parse-referrer-policy-from-header
 */
export function parseReferrerPolicy(list: string | undefined): ReferrerPolicy | undefined {
  const names = list?.toLowerCase().split(',') ?? [];
  for (const name of names.reverse()) {
    const policy = POLICIES.find((known) => known === name.trim());
    if (policy !== undefined) return policy;
  }
  return undefined;
}

/** The policy that a setting names. @throws SettingsError when there is none of that name. */
export function settingsReferrerPolicy(name: string): ReferrerPolicy {
  const policy = parseReferrerPolicy(name);
  if (policy !== undefined) return policy;
  throw new SettingsError(
    `referrerPolicy must be the name of a policy such as strict-origin-when-cross-origin, got ${JSON.stringify(name)}`,
  );
}

/** An address that requests may name as their referrer, taken apart once. */
export interface Referrer {
  /** Without credentials and fragment. */
  readonly url: string;
  readonly origin: string;
  readonly isSecure: boolean;
}

const NAMELESS: ReadonlySet<string> = new Set(['about:', 'blob:', 'data:', 'file:', 'filesystem:', 's3:']);
const LONGEST = 4096;

/** What requests from a page may tell of it; undefined where they tell nothing whatever the policy. */
export function referrerOf(pageUrl: string): Referrer | undefined {
  const url = URL.parse(pageUrl);
  if (url === null || NAMELESS.has(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  const origin = originOf(url.href);
  const stripped = url.href.length > LONGEST ? `${origin}/` : url.href;
  return { url: stripped, origin, isSecure: isSecure(url.href) };
}

/**
 * The Referer header of a request from one address to another; undefined: none is sent.
 * https://www.w3.org/TR/referrer-policy/#determine-requests-referrer
 */
export function refererFor(from: string | Referrer, to: string, policy: ReferrerPolicy): string | undefined {
  const referrer = typeof from === 'string' ? referrerOf(from) : from;
  if (referrer === undefined) return undefined;
  const isDowngrade = (): boolean => referrer.isSecure && !isSecure(to);
  const isSameOrigin = (): boolean => referrer.origin === originOf(to);
  const originOnly = `${referrer.origin}/`;
  switch (policy) {
    case 'no-referrer':
      return undefined;
    case 'unsafe-url':
      return referrer.url;
    case 'origin':
      return originOnly;
    case 'same-origin':
      return isSameOrigin() ? referrer.url : undefined;
    case 'origin-when-cross-origin':
      return isSameOrigin() ? referrer.url : originOnly;
    case 'strict-origin':
      return isDowngrade() ? undefined : originOnly;
    case 'strict-origin-when-cross-origin':
      if (isSameOrigin()) return referrer.url;
      return isDowngrade() ? undefined : originOnly;
    default:
      return isDowngrade() ? undefined : referrer.url;
  }
}

function isSecure(url: string): boolean {
  return url.startsWith('https:');
}
