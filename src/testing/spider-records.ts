import { callbackName } from '../crawler/probe.ts';
import { errorName } from '../errors/crawl-error.ts';
import type { Request } from '../values/request.ts';
import type { RequestMeta } from '../values/request-meta.ts';

/** A request that a callback gave, as plain values: what is at its default is left out. */
export interface RequestRecord {
  readonly url: string;
  readonly method: string;
  /** Name of the spider's method that its page would go to. */
  readonly callback: string;
  readonly errback?: string;
  readonly cbKwargs?: unknown;
  readonly meta?: RequestMeta;
  readonly headers?: Readonly<Record<string, string>>;
  /** As text. */
  readonly body?: string;
  readonly priority?: number;
  readonly dontFilter?: true;
}

/** What failed in a test: a page that could not be had, a callback or pipeline that threw. */
export interface ErrorRecord {
  /** The page it was about; undefined where `start()` or the crawl itself failed. */
  readonly url: string | undefined;
  /** The class of the error, or of what a callback threw: `HttpError`, `TypeError`. */
  readonly name: string;
  /** Stable code of the framework's errors. */
  readonly code?: string;
  readonly message: string;
}

/** Makes a request plain. */
export function requestRecord(request: Request): RequestRecord {
  const { url, method, errback, cbKwargs, meta, body, priority, dontFilter } = request;
  const headers = Object.fromEntries([...request.headers]);
  return {
    url,
    method,
    callback: callbackName(request),
    ...(errback !== undefined && { errback: typeof errback === 'function' ? errback.name : errback }),
    ...(cbKwargs !== undefined && { cbKwargs }),
    ...(Object.keys(meta).length > 0 && { meta: { ...meta } }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && { body: Buffer.from(body).toString() }),
    ...(priority !== 0 && { priority }),
    ...(dontFilter && { dontFilter }),
  };
}

/** Makes a thrown value plain; one that a callback threw keeps its own name. */
export function errorRecord(url: string | undefined, error: unknown): ErrorRecord {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const thrown = code === CALLBACK_FAILED ? (error as Error).cause : error;
  return {
    url,
    name: errorName(thrown),
    ...(typeof code === 'string' && { code }),
    message: error instanceof Error ? error.message : String(error),
  };
}

const CALLBACK_FAILED = 'ERR_CRAWL_CALLBACK_FAILED';
