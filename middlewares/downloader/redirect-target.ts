import { HeaderMap, originOf, type Redirect, type Request, TooManyRedirectsError } from '../../src/api.ts';
import { parseReferrerPolicy, type ReferrerPolicy, refererFor } from '../referrer-policy.ts';

/** What holds for every redirect. */
export interface RedirectRules {
  /** Most hops of one request; `meta.maxRedirects` wins. */
  readonly maxRedirects: number;
  /** Added to the priority of the target. */
  readonly priorityAdjust: number;
  /** Statuses that are the callback's business. */
  readonly handleStatuses: readonly number[];
  readonly referrerPolicy: ReferrerPolicy;
}

/** One hop, as the answer asks for it. */
export interface Hop {
  /** Absolute, http or https. */
  readonly url: string;
  readonly reason: Redirect['reason'];
  /** Ask with GET and without the body. */
  readonly becomesGet: boolean;
  /** Policy that the redirecting answer names. */
  readonly referrerPolicy: ReferrerPolicy | undefined;
}

const BODY_HEADERS = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-location',
  'transfer-encoding',
];
const ORIGIN_HEADERS = ['authorization', 'proxy-authorization', 'host'];

/** The target of a redirect, or undefined where it may not be followed: nothing but http and https comes from the web. */
export function redirectUrl(location: string, from: string): string | undefined {
  const url = URL.parse(location, from);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (url.hash === '') url.hash = new URL(from).hash;
  return url.href;
}

/**
 * The request that follows a hop: same callback, `meta` and headers, but nothing secret that was meant for another
 * origin. What is dropped once does not come back on the way back, because each hop starts from the one before.
 *
 * @throws TooManyRedirectsError when the chain is at its limit.
 */
export function redirectTarget(request: Request, hop: Hop, rules: RedirectRules): Request {
  const { meta } = request;
  const redirects = [...(meta.redirects ?? []), { url: request.url, reason: hop.reason }];
  const limit = typeof meta.maxRedirects === 'number' ? meta.maxRedirects : rules.maxRedirects;
  if (redirects.length > limit) throw new TooManyRedirectsError(redirects[0]?.url ?? request.url, limit);
  const isSameOrigin = originOf(request.url) === originOf(hop.url);
  const { httpUser: _user, httpPass: _pass, httpAuthOrigin: _origin, ...withoutLogin } = meta;
  return request.replace({
    url: hop.url,
    headers: redirectHeaders(request, hop, rules, isSameOrigin),
    ...(hop.becomesGet && { method: 'GET', body: undefined }),
    // The jar has taken them and knows where they belong; only a request without a jar carries its own.
    cookies: isSameOrigin && meta.dontMergeCookies === true ? request.cookies : undefined,
    meta: { ...(isSameOrigin ? meta : withoutLogin), redirects },
    priority: request.priority + rules.priorityAdjust,
  });
}

function redirectHeaders(request: Request, hop: Hop, rules: RedirectRules, isSameOrigin: boolean): HeaderMap {
  const headers = new HeaderMap(request.headers);
  if (hop.becomesGet) for (const name of BODY_HEADERS) headers.delete(name);
  if (!isSameOrigin) for (const name of ORIGIN_HEADERS) headers.delete(name);
  if (!mayKeepCookies(request.url, hop.url)) headers.delete('cookie');
  const referer = headers.get('referer');
  if (referer !== undefined) {
    const policy =
      hop.referrerPolicy ?? parseReferrerPolicy(request.meta.referrerPolicy) ?? rules.referrerPolicy;
    const value = refererFor(referer, hop.url, policy);
    if (value === undefined) headers.delete('referer');
    else headers.set('Referer', value);
  }
  return headers;
}

/** Cookies know no ports, but hosts and whether the way is safe. */
function mayKeepCookies(from: string, to: string): boolean {
  const [source, target] = [new URL(from), new URL(to)];
  return source.hostname === target.hostname && (source.protocol === 'http:' || target.protocol === 'https:');
}
