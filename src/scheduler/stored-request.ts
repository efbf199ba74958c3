import { Request, type RequestCookies } from '../values/request.ts';
import type { RequestMeta } from '../values/request-meta.ts';
import { type FailureFacts, newRequest, type QueuedRequest } from './queued-request.ts';

/** A request and what is known of it, as plain data: members that say nothing new are left out. */
interface StoredRequest {
  readonly i: number;
  /** Fingerprint. */
  readonly f: string;
  /** Origin, or how many characters of the URL it is. */
  readonly o: string | number;
  readonly u: string;
  readonly p?: number;
  /** Attempt. */
  readonly n?: number;
  /** Losses. */
  readonly l?: number;
  /** Retries. */
  readonly t?: number;
  /** Reason. */
  readonly w?: string;
  readonly x?: FailureFacts;
  /** Not filtered. */
  readonly d?: 1;
  readonly c?: string;
  readonly e?: string;
  readonly m?: RequestMeta;
  readonly k?: unknown;
  readonly method?: string;
  readonly headers?: readonly (readonly [string, string[] | null])[];
  /** Body as base64. */
  readonly body?: string;
  readonly encoding?: string;
  readonly cookies?: RequestCookies;
  readonly flags?: readonly string[];
  readonly dontFilter?: 1;
  /** The request's own priority, where retries changed the queue's. */
  readonly own?: number;
}

/** The record of a request. */
export function storedRequest(entry: QueuedRequest): string {
  const { request, origin, attempt, losses, retries, priority, reason, facts } = entry;
  const { meta, headers, body, flags } = request;
  const stored: { -readonly [Key in keyof StoredRequest]: StoredRequest[Key] } = {
    i: entry.id,
    f: entry.fingerprint,
    o: request.url.startsWith(origin) ? origin.length : origin,
    u: request.url,
  };
  if (priority !== 0) stored.p = priority;
  if (attempt !== 1) stored.n = attempt;
  if (losses !== undefined) stored.l = losses;
  if (retries !== 0) stored.t = retries;
  if (reason !== undefined) stored.w = reason;
  if (facts !== undefined) stored.x = facts;
  if (!entry.filtered) stored.d = 1;
  if (entry.callback !== undefined) stored.c = entry.callback;
  if (entry.errback !== undefined) stored.e = entry.errback;
  for (const _member in meta) {
    stored.m = meta;
    break;
  }
  if (request.cbKwargs !== undefined) stored.k = request.cbKwargs;
  if (request.method !== 'GET') stored.method = request.method;
  if (!headers.isEmpty) stored.headers = headers.toPairs();
  if (body !== undefined) stored.body = Buffer.from(body).toString('base64');
  if (request.encoding !== 'utf-8') stored.encoding = request.encoding;
  if (request.cookies !== undefined) stored.cookies = request.cookies;
  if (flags.length > 0) stored.flags = flags;
  if (request.dontFilter) stored.dontFilter = 1;
  if (request.priority !== priority) stored.own = request.priority;
  return JSON.stringify(stored);
}

/** The request of a record, as it was queued for a host. */
export function restoredRequest(
  text: string,
  host: string,
  state: QueuedRequest['state'] = 'queued',
): QueuedRequest {
  const stored = JSON.parse(text) as StoredRequest;
  const { p: priority = 0, u: url } = stored;
  const request = new Request(url, {
    ...(stored.method !== undefined && { method: stored.method }),
    ...(stored.headers !== undefined && { headers: stored.headers }),
    ...(stored.body !== undefined && { body: Uint8Array.from(Buffer.from(stored.body, 'base64')) }),
    ...(stored.encoding !== undefined && { encoding: stored.encoding }),
    ...(stored.cookies !== undefined && { cookies: stored.cookies }),
    ...(stored.flags !== undefined && { flags: stored.flags }),
    ...(stored.m !== undefined && { meta: stored.m }),
    callback: stored.c,
    errback: stored.e,
    cbKwargs: stored.k,
    priority: stored.own ?? priority,
    dontFilter: stored.dontFilter === 1,
  });
  const origin = typeof stored.o === 'string' ? stored.o : url.slice(0, stored.o);
  const candidate = {
    request,
    fingerprint: stored.f,
    host,
    origin,
    filtered: stored.d !== 1,
    callback: stored.c,
    errback: stored.e,
  };
  const entry = newRequest(candidate, stored.i, host, origin);
  entry.attempt = stored.n ?? 1;
  entry.losses = stored.l;
  entry.retries = stored.t ?? 0;
  entry.priority = priority;
  entry.state = state;
  entry.reason = stored.w;
  entry.facts = stored.x;
  return entry;
}
