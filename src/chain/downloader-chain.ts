import { AsyncLocalStorage } from 'node:async_hooks';
import type { DownloaderMiddleware } from '../contracts/downloader-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import { ComponentError } from '../errors/component-error.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import { isRequest, type Request } from '../values/request.ts';
import { isResponse, type Response } from '../values/response.ts';
import { isRetryLater, type RetryLater } from '../values/retry-later.ts';
import { isPromise } from './is-promise.ts';

/** What a download comes to; failures are thrown. */
export type DownloadOutcome = Response | Request | RetryLater | Drop;

interface Hook<Fn> {
  readonly name: string;
  readonly run: Fn;
}

type RequestHook = NonNullable<DownloaderMiddleware['processRequest']>;
type ResponseHook = NonNullable<DownloaderMiddleware['processResponse']>;
type ExceptionHook = NonNullable<DownloaderMiddleware['processException']>;
type PrepareHook = NonNullable<DownloaderMiddleware['prepareOrigin']>;

/** Origins that are being prepared by what runs now. */
const preparing = new AsyncLocalStorage<readonly string[]>();

/** The downloader middlewares, compiled once: only hooks that exist are run. */
export class DownloaderChain {
  readonly #middlewares: readonly DownloaderMiddleware[];
  readonly #onRequest: readonly Hook<RequestHook>[];
  readonly #onResponse: readonly Hook<ResponseHook>[];
  readonly #onException: readonly Hook<ExceptionHook>[];
  readonly #onPrepare: readonly Hook<PrepareHook>[];
  readonly #insides = new Map<string, DownloaderChain>();

  /** Outermost middleware (nearest to the engine) first. */
  constructor(middlewares: readonly DownloaderMiddleware[]) {
    this.#middlewares = middlewares;
    this.#onRequest = compile(middlewares, 'processRequest');
    const inwards = [...middlewares].reverse();
    this.#onResponse = compile(inwards, 'processResponse');
    this.#onException = compile(inwards, 'processException');
    this.#onPrepare = compile(middlewares, 'prepareOrigin');
  }

  /** Whether origins are to be prepared before their first request. */
  get preparesOrigins(): boolean {
    return this.#onPrepare.length > 0;
  }

  /** Only the middlewares nearer to the downloader than the named one. */
  inside(name: string): DownloaderChain {
    let chain = this.#insides.get(name);
    if (chain === undefined) {
      const at = this.#middlewares.findIndex((middleware) => middleware.name === name);
      chain = new DownloaderChain(this.#middlewares.slice(at + 1));
      this.#insides.set(name, chain);
    }
    return chain;
  }

  /**
   * Runs every `prepareOrigin`; gives a promise only where one waits.
   *
   * @throws ComponentError within the preparation of this very origin: it would wait for itself.
   */
  prepare(origin: string, host: string): Promise<void> | undefined {
    if (this.#onPrepare.length === 0) return undefined;
    const outer = preparing.getStore() ?? [];
    if (outer.includes(origin)) {
      throw new ComponentError(
        'downloader middlewares',
        `a fetch from ${origin} while its robots.txt is asked for would wait for itself: let processRequest ` +
          'leave /robots.txt alone, or put the middleware before robots-txt',
      );
    }
    return preparing.run([...outer, origin], () => this.#prepare(origin, host));
  }

  #prepare(origin: string, host: string): Promise<void> | undefined {
    let pending: PromiseLike<unknown>[] | undefined;
    for (const { run } of this.#onPrepare) {
      const answer = run(origin, host);
      if (!isPromise(answer)) continue;
      pending ??= [];
      pending.push(answer);
    }
    return pending && Promise.all(pending).then(() => undefined);
  }

  /** One attempt: requests hooks, download, response or exception hooks. */
  async run(request: Request, unit: Unit, download: () => Promise<Response>): Promise<DownloadOutcome> {
    let response: Response;
    try {
      const early = await this.#requestOutcome(request, unit);
      if (early !== undefined && !isResponse(early)) return early;
      response = early ?? (await download());
    } catch (error) {
      const recovered = await this.#exceptionOutcome(error, unit);
      if (recovered === undefined) throw error;
      if (!isResponse(recovered)) return recovered;
      response = recovered;
    }
    for (const { name, run } of this.#onResponse) {
      const answered = run(response, unit);
      const answer = isPromise(answered) ? await answered : answered;
      if (answer === undefined) continue;
      if (isResponse(answer)) response = answer;
      else return checked(answer, name, 'processResponse');
    }
    return response;
  }

  #requestOutcome(
    request: Request,
    unit: Unit,
  ): DownloadOutcome | undefined | Promise<DownloadOutcome | undefined> {
    for (let at = 0; at < this.#onRequest.length; at++) {
      const hook = this.#onRequest[at];
      const answer = hook?.run(request, unit);
      if (isPromise(answer)) return this.#requestOutcomeLater(answer, at, request, unit);
      if (answer !== undefined) return checked(answer, hook?.name ?? '', 'processRequest');
    }
    return undefined;
  }

  async #requestOutcomeLater(
    first: PromiseLike<unknown>,
    from: number,
    request: Request,
    unit: Unit,
  ): Promise<DownloadOutcome | undefined> {
    let answer = await first;
    for (let at = from; ; ) {
      if (answer !== undefined) return checked(answer, this.#onRequest[at]?.name ?? '', 'processRequest');
      at += 1;
      const hook = this.#onRequest[at];
      if (hook === undefined) return undefined;
      answer = await hook.run(request, unit);
    }
  }

  async #exceptionOutcome(error: unknown, unit: Unit): Promise<DownloadOutcome | undefined> {
    for (const { name, run } of this.#onException) {
      const answer = await run(error, unit);
      if (answer !== undefined) return checked(answer, name, 'processException');
    }
    return undefined;
  }
}

function compile<Name extends 'processRequest' | 'processResponse' | 'processException' | 'prepareOrigin'>(
  middlewares: readonly DownloaderMiddleware[],
  hookName: Name,
): Hook<NonNullable<DownloaderMiddleware[Name]>>[] {
  return middlewares.flatMap((middleware) => {
    const hook = middleware[hookName];
    return hook === undefined
      ? []
      : [{ name: middleware.name, run: hook.bind(middleware) as NonNullable<typeof hook> }];
  });
}

function checked(answer: unknown, middleware: string, hook: string): DownloadOutcome {
  if (isRequest(answer) || isResponse(answer) || isDrop(answer)) return answer;
  if (isRetryLater(answer) && hook !== 'processRequest') return answer;
  throw new ComponentError(
    middleware ? `middleware ${middleware}` : 'a middleware without a name',
    `${hook} answered ${describe(answer)}; it may answer nothing, a Request, a Response or drop(reason)` +
      (hook === 'processRequest' ? '' : ', or retryLater(reason)'),
  );
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor?.name ?? 'object'}`
    : String(value);
}
