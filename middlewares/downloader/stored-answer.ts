import { createHmac } from 'node:crypto';
import { HeaderMap, Response, type Unit } from '../../src/api.ts';
import { cacheControl, type HttpCacheRules, staleSeconds } from './http-cache-policy.ts';
import { integerOf } from './http-date.ts';
import { storableUrl } from './request-key.ts';

/** What is stored of an answer besides its body. No header of the request is: what counts of them is a keyed hash. */
export interface StoredAnswer {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | null>>;
  /** Milliseconds since 1970. */
  readonly storedAtMs: number;
  /** Names of Vary with the hash of what the request had there. */
  readonly vary: readonly (readonly [name: string, hash: string])[];
  /** Hash of the request's Cookie and Authorization; empty: it had neither. */
  readonly user: string;
}

/** Headers that belong to one connection or one message (RFC 9111 section 3.2): a 304 does not change them. */
const OF_ONE_MESSAGE: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is stored of an answer. */
export function storedAnswer(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  { request, headers: sent }: Pick<Unit, 'request' | 'headers'>,
  nowMs: number,
  salt: string,
): StoredAnswer {
  const names = varyNames(headers);
  return {
    url: storableUrl(request.url),
    method: request.method,
    status,
    headers: headers.toJSON(),
    storedAtMs: nowMs,
    vary: names.map((name) => [name, hashOf(salt, sent.getAll(name))] as const),
    user: userOf(sent, salt),
  };
}

/** Header names that an answer depends on; `*` stands for anything. */
export function varyNames(headers: HeaderMap): readonly string[] {
  const names = headers.getAll('vary').flatMap((value) => value.split(','));
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}

/** Whether the request has what the stored answer depends on. */
export function varyMatches({ vary }: StoredAnswer, sent: HeaderMap, salt: string): boolean {
  return vary.every(([name, hash]) => hash === hashOf(salt, sent.getAll(name)));
}

/** Whom the request speaks for, by its Cookie and Authorization, as a keyed hash; empty: nobody. */
export function userOf(sent: HeaderMap, salt: string): string {
  const secrets = [...sent.getAll('cookie'), '', ...sent.getAll('authorization')];
  return secrets.length === 1 ? '' : hashOf(salt, secrets);
}

/** The stored headers with those of a 304 over them (RFC 9111 section 3.2). */
export function refreshedHeaders(stored: HeaderMap, confirmed: HeaderMap): HeaderMap {
  const headers = new HeaderMap(stored);
  for (const name of ['age', 'date']) headers.delete(name);
  for (const name of confirmed.keys()) {
    if (!OF_ONE_MESSAGE.has(name)) headers.set(name, confirmed.getAll(name));
  }
  return headers;
}

/** The headers of a stored answer as they are now: with the seconds it has lain here in its Age, and always with a Date. */
export function agedHeaders({ headers: stored, storedAtMs }: StoredAnswer, nowMs: number): HeaderMap {
  const headers = new HeaderMap(stored as ConstructorParameters<typeof HeaderMap>[0]);
  headers.setDefault('date', new Date(storedAtMs).toUTCString());
  const came = Math.max(0, integerOf(headers.get('age')) ?? 0);
  const lain = Math.max(0, Math.floor((nowMs - storedAtMs) / 1000));
  return headers.set('age', String(came + lain));
}

/** Whether a stale answer may stand in for an error (RFC 9111 section 4.2.4, RFC 5861). */
export function mayStandIn(
  stored: Pick<Response, 'status' | 'headers'>,
  sent: HeaderMap,
  rules: HttpCacheRules,
  nowMs: number,
): boolean {
  const control = cacheControl(stored.headers, rules.ignoreResponseCacheControls);
  if (control.has('must-revalidate') || control.has('no-cache')) return false;
  const limit = integerOf(control.get('stale-if-error') ?? cacheControl(sent).get('stale-if-error'));
  return limit === undefined || staleSeconds(stored, rules, nowMs) <= limit;
}

/** A stored answer as the answer to a request. */
export function cachedResponse(unit: Unit, status: number, headers: HeaderMap, body: Uint8Array): Response {
  const { request } = unit;
  return new Response(request.url, { status, headers, body, flags: ['cached'], request });
}

function hashOf(salt: string, values: readonly string[]): string {
  return createHmac('sha256', salt).update(values.join('\n')).digest('base64url').slice(0, 22);
}
