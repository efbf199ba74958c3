import { BlockedAddressError } from '../errors/blocked-address-error.ts';
import { ConnectionLostError } from '../errors/connection-lost-error.ts';
import { ConnectionRefusedError } from '../errors/connection-refused-error.ts';
import { type CrawlError, errorMessage, isCrawlError } from '../errors/crawl-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { DnsError } from '../errors/dns-error.ts';
import { DownloadCancelledError } from '../errors/download-cancelled-error.ts';
import { HeadersTooLargeError } from '../errors/headers-too-large-error.ts';
import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { ProxyError } from '../errors/proxy-error.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { TargetUnreachable } from './socks5.ts';

/** How far a connection was when it failed. */
export type ConnectStage = 'tcp' | 'proxy' | 'tls';

/** Thrown by address checks, where the URL is not known. */
export class SpecialAddress extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`${address} is not public`);
    this.address = address;
  }
}

const DNS_CODES: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'ENODATA',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
]);
const BROKEN_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT']);
const REQUEST_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);
const CANCEL_CODES: ReadonlySet<string> = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'UND_ERR_ABORTED']);

/** The error for a connection that did not come to stand. */
export function connectError(
  cause: unknown,
  url: string,
  stage: ConnectStage,
  proxy?: ProxyAddress,
): CrawlError {
  if (isCrawlError(cause)) return cause;
  if (cause instanceof SpecialAddress) return new BlockedAddressError(url, cause.address, { cause });
  const detail = describe(cause);
  if (cause instanceof TargetUnreachable) return new ConnectionRefusedError(url, detail, { cause });
  if (stage === 'proxy' || (stage === 'tcp' && proxy)) {
    return new ProxyError(url, proxy?.shown ?? '', detail, { cause });
  }
  const code = codeOf(cause);
  if (DNS_CODES.has(code)) return new DnsError(url, detail, { cause });
  if (stage === 'tcp') return new ConnectionRefusedError(url, detail, { cause });
  return BROKEN_CODES.has(code) || code === ''
    ? new ConnectionLostError(url, `in the TLS handshake: ${detail}`, { cause })
    : new TlsError(url, detail, { cause });
}

/** The error for a request or an answer that failed on a standing connection. */
export function exchangeError(
  cause: unknown,
  url: string,
  { inBody, maxHeaderBytes }: { readonly inBody: boolean; readonly maxHeaderBytes: number },
): CrawlError {
  if (isCrawlError(cause)) return cause;
  const code = codeOf(cause);
  const detail = describe(cause);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new HeadersTooLargeError(url, maxHeaderBytes, { cause });
  if (REQUEST_CODES.has(code)) return new InvalidRequestError(`${url}: ${detail}`, { cause });
  if (CANCEL_CODES.has(code)) return new DownloadCancelledError(url, 'the downloader was closed', { cause });
  return inBody ? new DataLossError(url, detail, { cause }) : new ConnectionLostError(url, detail, { cause });
}

/** The code that node or undici gave an error; empty where there is none. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** An error's message; where it has none, as errors of several addresses, its code. */
function describe(error: unknown): string {
  const message = errorMessage(error);
  const code = codeOf(error);
  if (message === '') return code || 'unknown error';
  return code === '' || code.startsWith('UND_ERR') || message.includes(code)
    ? message
    : `${message}, ${code}`;
}
