import type { Dispatcher } from 'undici';
import type { Clock } from '../contracts/clock.ts';
import type { StopDownload } from '../contracts/download-watch.ts';
import type { Unit } from '../contracts/unit.ts';
import type { Truncation } from '../contracts/wire-exchange.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { DownloadCancelledError } from '../errors/download-cancelled-error.ts';
import { DownloadStoppedError } from '../errors/download-stopped-error.ts';
import { DownloadTimeoutError } from '../errors/download-timeout-error.ts';
import { ProxyError } from '../errors/proxy-error.ts';
import type { Settings } from '../settings/settings.ts';
import { HeaderMap } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Route } from './connector.ts';
import { dispatchOptions } from './dispatch-options.ts';
import { codeOf, exchangeError } from './download-errors.ts';
import { StreamedBody, type StreamedEnd } from './streamed-body.ts';
import { type RawAnswer, streamedResponse, toResponse } from './to-response.ts';
import { truncationOf, wireExchangeOf } from './wire-exchange-of.ts';

/** What exchanges share. */
export interface ExchangeContext {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly pool: ConnectionPool;
}

/** RFC 9110 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const CLOSED_CODES: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const REDIRECTING: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CONTENT_LENGTH = 'content-length';
const LOCATION = 'location';
const PROXY_AUTHENTICATION_REQUIRED = 407;

/**
 * One request and its answer. It is undici's handler for the answer: it keeps every byte as it comes, or hands it to
 * the unit's sink, and never pauses undici, which on Node 20 ends the process when the server closes then
 * (nodejs/undici#5360): a sink that is behind holds the connection.
 * Settles its promise once; whatever comes later is ignored.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #context: ExchangeContext;
  readonly #request: Request;
  readonly #unit: Unit;
  readonly #url: URL;
  readonly #route: Route;
  readonly #resolve: (response: Response | Promise<Response>) => void;
  readonly #reject: (error: unknown) => void;
  readonly #failOnDataLoss: boolean;
  readonly #cutAt: number;
  readonly #startedAt: number;
  #responseTimer: NodeJS.Timeout;
  #silenceTimer: NodeJS.Timeout | undefined;
  /** How often something came. */
  #heard = 0;
  #connection: Connection | undefined;
  #abort: ((reason?: Error) => void) | undefined;
  #isSettled = false;
  #hasAnswer = false;
  #connectMs = 0;
  #latencyMs = 0;
  #status = 0;
  #statusText = '';
  #sent: Dispatcher.DispatchOptions | undefined;
  #rawHeaders: readonly Buffer[] = [];
  #chunks: Buffer[] = [];
  #size = 0;
  /** Where the body goes instead of `#chunks`. */
  #streamed: StreamedBody | undefined;
  #isHeld = false;
  #heldSinceMs = 0;
  /** For how long the server had to wait for the sink, and how much of it the response's limit was lengthened by. */
  #heldMs = 0;
  #grantedMs = 0;
  /** The response's limit ran out while the server had to wait. */
  #isOverdue = false;
  #resume: (() => void) | undefined;
  /** Somebody cut the answer off; whether that is a failure. */
  #stopped: { readonly fails: boolean } | undefined;

  constructor(
    context: ExchangeContext,
    { request, unit, url, route }: { request: Request; unit: Unit; url: URL; route: Route },
    resolve: (response: Response | Promise<Response>) => void,
    reject: (error: unknown) => void,
  ) {
    this.#context = context;
    this.#request = request;
    this.#unit = unit;
    this.#url = url;
    this.#route = route;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#failOnDataLoss = request.meta.failOnDataLoss ?? context.settings.failOnDataLoss;
    this.#cutAt = request.meta.cutBodyAt ?? Number.POSITIVE_INFINITY;
    this.#startedAt = context.clock.monotonicMs();
    this.#responseTimer = setTimeout(onResponseTimeout, unit.timeoutMs, this);
    unit.signal.addEventListener('abort', this);
    if (unit.signal.aborted) this.handleEvent();
  }

  /** Sends the request as soon as there is a connection for it. */
  send(isFresh = false): void {
    if (this.#isSettled) return;
    const { pool, settings } = this.#context;
    const connection = pool.acquire(this.#url.host, this.#route, this.#request.url, isFresh);
    if (connection === undefined) {
      pool.whenRoom((closed) => (closed === undefined ? this.send(isFresh) : this.onError(closed)));
      return;
    }
    this.#connection = connection;
    const { headers, onExchange } = this.#unit;
    const options = dispatchOptions(this.#request, headers, this.#url, this.#route, settings.compression);
    if (onExchange !== undefined) this.#sent = options;
    connection.dispatch(options, this);
  }

  /** The unit was given up. */
  handleEvent(): void {
    this.fail(DownloadCancelledError.of(this.#request.url, this.#unit.signal.reason));
  }

  /** Ends the exchange with an error; its connection is of no more use. */
  fail(error: Error): void {
    if (!this.#settle()) return;
    // What a proxy says is not the site's answer.
    if (this.#sent !== undefined && this.#status !== 0 && !(error instanceof ProxyError))
      this.#tell(this.#answer(true), truncationOf(error));
    if (this.#streamed === undefined) this.#reject(error);
    else void this.#streamed.abort(error).then(() => this.#reject(error));
    this.#abort?.(error);
    if (this.#connection !== undefined) this.#context.pool.discard(this.#connection, error);
  }

  failSilent(): void {
    // The silence is ours.
    if (this.#isHeld) {
      this.#silenceTimer?.refresh();
      return;
    }
    // What came while this process was busy is read first.
    setImmediate((heard: number) => {
      if (heard !== this.#heard) return;
      const { silenceTimeoutMs } = this.#context.settings;
      this.fail(new DownloadTimeoutError(this.#request.url, 'silence', silenceTimeoutMs));
    }, this.#heard);
  }

  failLate(): void {
    // The time was ours.
    if (this.#isHeld) this.#isOverdue = true;
    else if (this.#heldMs - this.#grantedMs >= 1) this.#lengthen();
    else this.fail(new DownloadTimeoutError(this.#request.url, 'response', this.#unit.timeoutMs));
  }

  /** Gives the response the time that it had to wait for the sink. */
  #lengthen(): void {
    this.#isOverdue = false;
    this.#responseTimer = setTimeout(onResponseTimeout, this.#heldMs - this.#grantedMs, this);
    this.#grantedMs = this.#heldMs;
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    this.#connection?.expectAnswer();
    if (this.#connection?.uses === 1) this.#connectMs = this.#elapsedMs();
    this.#silenceTimer ??= setTimeout(onSilence, this.#context.settings.silenceTimeoutMs, this);
    this.#silenceTimer.refresh();
  }

  onResponseStarted(): void {
    if (!this.#hasAnswer) this.#latencyMs = this.#elapsedMs();
    this.#hasAnswer = true;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume?: () => void, statusText = ''): boolean {
    this.#heard += 1;
    this.#silenceTimer?.refresh();
    if (status < 200) return true;
    this.#status = status;
    this.#statusText = statusText;
    this.#rawHeaders = rawHeaders;
    if (status === PROXY_AUTHENTICATION_REQUIRED && this.#route.proxy !== undefined) {
      const { shown } = this.#route.proxy;
      this.fail(new ProxyError(this.#request.url, shown, '407 Proxy Authentication Required'));
    } else if (this.#request.method !== 'HEAD' && this.#isTooMuch(declaredLength(rawHeaders))) {
      this.#endTooLarge();
    } else {
      this.#resume = resume;
      this.#openSink();
      this.#tellHead();
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#heard += 1;
    this.#silenceTimer?.refresh();
    this.#size += chunk.length;
    if (this.#isTooMuch(this.#size)) {
      this.#endTooLarge();
    } else if (this.#isSettled) {
      return true;
    } else if (this.#streamed !== undefined) {
      const mayGoOn = this.#streamed.push(chunk) || this.#hold();
      this.#unit.watch?.bytes?.(chunk, this.#stop);
      return mayGoOn;
    } else {
      this.#chunks.push(chunk);
      this.#unit.watch?.bytes?.(chunk, this.#stop);
      if (this.#size >= this.#cutAt) this.#finish('length');
    }
    return true;
  }

  onComplete(): void {
    const { socketError } = this.#connection ?? {};
    // A reset ends a body without a length like a close: undici takes it for whole.
    if (socketError !== undefined) this.onError(socketError);
    else this.#finish(undefined);
  }

  onError(error: Error): void {
    if (this.#isSettled) return;
    if (this.#isStale(error)) {
      this.#drop();
      this.send(true);
      return;
    }
    const inBody = this.#status !== 0;
    const { maxHeaderBytes } = this.#context.settings;
    const failure = exchangeError(error, this.#request.url, { inBody, maxHeaderBytes });
    if (failure instanceof DataLossError && !this.#failOnDataLoss) this.#finish('disconnect');
    else this.fail(failure);
  }

  /** What an archive is to see, or what is cut, comes over memory. */
  #openSink(): void {
    const { bodySink, onExchange, maxBodyBytes } = this.#unit;
    const { url, method } = this.#request;
    if (bodySink === undefined || onExchange !== undefined || method === 'HEAD') return;
    if (this.#cutAt !== Number.POSITIVE_INFINITY) return;
    try {
      const headers = HeaderMap.fromRaw(this.#rawHeaders);
      const writer = bodySink.begin({ url, status: this.#status, headers });
      if (writer === undefined) return;
      const { compression } = this.#context.settings;
      this.#streamed = new StreamedBody(writer, {
        url,
        contentEncoding: compression ? headers.getAll('content-encoding').join(',') : undefined,
        maxBytes: maxBodyBytes,
        failOnDataLoss: this.#failOnDataLoss,
        maxCallMs: this.#unit.timeoutMs,
        onDrain: () => this.#letGo(),
        onError: (error) => this.fail(error instanceof Error ? error : new Error(errorMessage(error))),
      });
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(errorMessage(error)));
    }
  }

  #tellHead(): void {
    const { watch } = this.#unit;
    if (watch?.head === undefined || this.#isSettled) return;
    const headers = HeaderMap.fromRaw(this.#rawHeaders);
    watch.head({ url: this.#request.url, status: this.#status, headers }, this.#stop);
  }

  /** Ends the exchange with what came so far; where a sink has it, a failure gives none of it. */
  readonly #stop: StopDownload = ({ fail = true } = {}) => {
    if (this.#isSettled) return;
    this.#stopped = { fails: fail };
    if (fail && this.#streamed !== undefined)
      this.fail(new DownloadStoppedError(this.#request.url, undefined));
    else this.#finish('unspecified');
  };

  #give(response: Response | Promise<Response>): void {
    if (this.#stopped?.fails === true) this.#resolve(this.#stoppedWith(response));
    else this.#resolve(response);
  }

  async #stoppedWith(response: Response | Promise<Response>): Promise<never> {
    throw new DownloadStoppedError(this.#request.url, await response);
  }

  /** Lets the server wait for the sink; what undici is to be told. */
  #hold(): boolean {
    if (!this.#isHeld) this.#heldSinceMs = this.#elapsedMs();
    this.#isHeld = true;
    if (this.#connection?.protocol === 'h2') return false;
    this.#connection?.hold();
    return true;
  }

  #letGo(): void {
    if (!this.#isHeld) return;
    this.#heldMs += this.#elapsedMs() - this.#heldSinceMs;
    this.#isHeld = false;
    if (!this.#isSettled) {
      this.#silenceTimer?.refresh();
      if (this.#isOverdue) this.#lengthen();
    }
    if (this.#connection?.protocol === 'h2') this.#resume?.();
    else this.#connection?.release();
  }

  #isTooMuch(bytes: number): boolean {
    return Math.min(bytes, this.#cutAt) > this.#unit.maxBodyBytes;
  }

  /** Nobody reads the body of a redirect: it is cut. */
  #endTooLarge(): void {
    if (REDIRECTING.has(this.#status) && hasLocation(this.#rawHeaders)) this.#finish('length');
    else this.fail(new BodyTooLargeError(this.#request.url, this.#unit.maxBodyBytes));
  }

  /** Whether a kept connection was closed before the server can have seen the request (RFC 9112 9.3.1). */
  #isStale(error: Error): boolean {
    const isReused = (this.#connection?.uses ?? 0) > 1;
    return (
      isReused && !this.#hasAnswer && CLOSED_CODES.has(codeOf(error)) && IDEMPOTENT.has(this.#request.method)
    );
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#abort = undefined;
    if (connection !== undefined) this.#context.pool.discard(connection);
  }

  #finish(truncated: Truncation | undefined): void {
    if (!this.#settle()) return;
    this.#letGo();
    const { pool, settings } = this.#context;
    const isCut = truncated !== undefined;
    const answer = this.#answer(isCut);
    if (this.#connection !== undefined) {
      if (isCut) pool.discard(this.#connection);
      else pool.release(this.#connection);
    }
    if (this.#streamed !== undefined) {
      this.#resolve(this.#endOfStream(this.#streamed).then((end) => streamedResponse(answer, end)));
      return;
    }
    const decoding = {
      maxBytes: this.#unit.maxBodyBytes,
      failOnDataLoss: this.#failOnDataLoss && !isCut,
      url: this.#request.url,
    };
    try {
      this.#tell(answer, truncated);
      this.#give(toResponse(answer, settings.compression ? decoding : undefined));
    } catch (error) {
      this.#reject(error);
    }
  }

  /** The network is done, the sink is not: the unit may still be given up. */
  async #endOfStream(streamed: StreamedBody): Promise<StreamedEnd> {
    const { signal } = this.#unit;
    const giveUp = (): void =>
      void streamed.abort(DownloadCancelledError.of(this.#request.url, signal.reason));
    signal.addEventListener('abort', giveUp);
    try {
      return await streamed.end();
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** What came so far. */
  #answer(isCut: boolean): RawAnswer {
    const { protocol = 'http/1.1', ipAddress } = this.#connection ?? {};
    return {
      request: this.#request,
      status: this.#status,
      rawHeaders: this.#rawHeaders,
      body: this.#takeBody(),
      isCut,
      isStopped: this.#stopped !== undefined,
      timings: { connectMs: this.#connectMs, latencyMs: this.#latencyMs, totalMs: this.#elapsedMs() },
      protocol,
      ipAddress,
    };
  }

  /** Hands the exchange to whoever asked for it. */
  #tell(answer: RawAnswer, truncated: Truncation | undefined): void {
    if (this.#sent === undefined) return;
    const statusText = this.#statusText;
    this.#unit.onExchange?.(wireExchangeOf(this.#sent, this.#url.host, answer, { statusText, truncated }));
  }

  #takeBody(): Buffer {
    const [first = Buffer.alloc(0)] = this.#chunks;
    const body = this.#chunks.length < 2 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return body.length > this.#cutAt ? body.subarray(0, this.#cutAt) : body;
  }

  #elapsedMs(): number {
    return this.#context.clock.monotonicMs() - this.#startedAt;
  }

  /** True the first time. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#responseTimer);
    clearTimeout(this.#silenceTimer);
    this.#unit.signal.removeEventListener('abort', this);
    return true;
  }
}

function onResponseTimeout(exchange: HttpExchange): void {
  exchange.failLate();
}

function onSilence(exchange: HttpExchange): void {
  exchange.failSilent();
}

/** The Content-Length of raw headers; 0 where there is none. */
function declaredLength(rawHeaders: readonly Buffer[]): number {
  return Number(rawValue(rawHeaders, CONTENT_LENGTH)?.toString('latin1') ?? 0);
}

function hasLocation(rawHeaders: readonly Buffer[]): boolean {
  return rawValue(rawHeaders, LOCATION) !== undefined;
}

function rawValue(rawHeaders: readonly Buffer[], wanted: string): Buffer | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length !== wanted.length) continue;
    if (name.toString('latin1').toLowerCase() === wanted) return rawHeaders[at + 1];
  }
  return undefined;
}
