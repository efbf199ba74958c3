import type { BodySink } from '../contracts/body-sink.ts';
import type { DownloadWatch } from '../contracts/download-watch.ts';
import type { Unit } from '../contracts/unit.ts';
import type { WireExchange } from '../contracts/wire-exchange.ts';
import { HeaderMap } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** Limits of an attempt before middlewares change them. */
export interface AttemptDefaults {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** What tells one attempt from another. */
export interface AttemptIdentity {
  readonly id: number;
  readonly attempt: number;
  readonly retries: number;
  readonly isInline: boolean;
  readonly bodySink?: BodySink | undefined;
  /** A component fetches it for itself (robots.txt). @defaultValue `false` */
  readonly isErrand?: boolean;
}

/** One attempt at a page. Parts that most attempts never touch are made when asked for. */
export class UnitRun implements Unit {
  readonly id: number;
  readonly attempt: number;
  readonly retries: number;
  readonly request: Request;
  readonly isInline: boolean;
  readonly bodySink: BodySink | undefined;
  /** What comes is for a component alone: no listener may cut it off. */
  readonly isErrand: boolean;
  response: Response | undefined;
  proxy: string | undefined;
  timeoutMs: number;
  maxBodyBytes: number;
  onExchange: ((exchange: WireExchange) => void) | undefined;
  watch: DownloadWatch | undefined;
  #headers: HeaderMap | undefined;
  #notes: Map<unknown, unknown> | undefined;
  #controller: AbortController | undefined;
  #abortReason: unknown;

  constructor(
    request: Request,
    { id, attempt, retries, isInline, bodySink, isErrand = false }: AttemptIdentity,
    defaults: AttemptDefaults,
  ) {
    this.request = request;
    this.id = id;
    this.attempt = attempt;
    this.retries = retries;
    this.isInline = isInline;
    this.bodySink = bodySink;
    this.isErrand = isErrand;
    this.response = undefined;
    this.proxy = undefined;
    this.onExchange = undefined;
    this.watch = undefined;
    this.timeoutMs = defaults.timeoutMs;
    this.maxBodyBytes = defaults.maxBodyBytes;
  }

  get headers(): HeaderMap {
    this.#headers ??= new HeaderMap(this.request.headers);
    return this.#headers;
  }

  get notes(): Map<unknown, unknown> {
    this.#notes ??= new Map();
    return this.#notes;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** Whether it was given up: what still comes of it is thrown away. */
  get isGivenUp(): boolean {
    return this.#abortReason !== undefined;
  }

  /** Gives the attempt up: its download ends at once. */
  abort(reason: Error): void {
    this.#abortReason = reason;
    this.#controller?.abort(reason);
  }
}
