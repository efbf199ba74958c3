import type { Dispatcher } from 'undici';
import type { HeaderMap } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import type { Route } from './connector.ts';
import { ACCEPT_ENCODING } from './content-decoding.ts';

/** Set by the framing or the route: from a request they would contradict what is sent. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What undici sends for a request by a route. A proxy without a tunnel gets the whole URL and its credentials;
 * nobody else does.
 */
export function dispatchOptions(
  { method, body }: Request,
  headers: HeaderMap,
  { pathname, search, origin }: URL,
  { proxy, isTls }: Route,
  compression: boolean,
): Dispatcher.DispatchOptions {
  const list: string[] = [];
  for (const [name, value] of headers) {
    if (!OWN_HEADERS.has(name.toLowerCase())) list.push(name, bytes(value));
  }
  if (compression && !headers.has('accept-encoding')) list.push('Accept-Encoding', ACCEPT_ENCODING);
  const isForwarded = proxy !== undefined && !isTls && proxy.protocol !== 'socks5:';
  if (isForwarded && proxy.authorization) list.push('Proxy-Authorization', proxy.authorization);
  return {
    method: method as Dispatcher.HttpMethod,
    path: isForwarded ? origin + pathname + search : pathname + search,
    headers: list,
    body: body ?? null,
  };
}

/** A header value goes out byte by byte; text that is no bytes as UTF-8. */
function bytes(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}
