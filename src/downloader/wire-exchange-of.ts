import type { Dispatcher } from 'undici';
import type { Truncation, WireExchange } from '../contracts/wire-exchange.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { ConnectionLostError } from '../errors/connection-lost-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { DownloadTimeoutError } from '../errors/download-timeout-error.ts';
import type { RawAnswer } from './to-response.ts';

/** Methods for which undici says the length of an empty body too. */
const SAYS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** What went over the wire, from what undici was given and what came back. */
export function wireExchangeOf(
  sent: Dispatcher.DispatchOptions,
  host: string,
  { request, status, rawHeaders, body, timings, protocol, ipAddress }: RawAnswer,
  { statusText, truncated }: { readonly statusText: string; readonly truncated: Truncation | undefined },
): WireExchange {
  return {
    url: request.url,
    method: request.method,
    target: sent.path,
    requestHeaders: sentHeaders(sent, host, request.body),
    requestBody: request.body,
    status,
    statusText,
    rawHeaders,
    body,
    truncated,
    protocol,
    ipAddress,
    timings,
  };
}

/** Why a body ended with an error. */
export function truncationOf(error: unknown): Truncation {
  if (error instanceof BodyTooLargeError) return 'length';
  if (error instanceof DownloadTimeoutError) return 'time';
  return error instanceof DataLossError || error instanceof ConnectionLostError
    ? 'disconnect'
    : 'unspecified';
}

/** undici puts Host and Connection before the headers it is given, and the length behind them. */
function sentHeaders(
  { method, headers }: Dispatcher.DispatchOptions,
  host: string,
  body: Uint8Array | undefined,
): (readonly [string, string])[] {
  const flat = headers as readonly string[];
  const given = Array.from({ length: flat.length / 2 }, (_, at): readonly [string, string] => [
    flat[at * 2] ?? '',
    flat[at * 2 + 1] ?? '',
  ]);
  const has = (wanted: string): boolean => given.some(([name]) => name.toLowerCase() === wanted);
  const length = body?.length ?? (SAYS_LENGTH.has(method) ? 0 : undefined);
  return [
    ...(has('host') ? [] : [['host', host] as const]),
    ...(has('connection') ? [] : [['connection', 'keep-alive'] as const]),
    ...given,
    ...(length === undefined ? [] : [['content-length', String(length)] as const]),
  ];
}
