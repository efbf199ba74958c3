import { isPromise } from '../chain/is-promise.ts';
import type { SchedulerChain } from '../chain/scheduler-chain.ts';
import type { RequestSource } from '../contracts/scheduler-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import type { CallbackReference } from '../values/callback.ts';
import type { Candidate } from '../values/candidate.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import { derivedFingerprint, type Fingerprint } from '../values/fingerprint.ts';
import type { Request } from '../values/request.ts';
import { originOf } from '../values/url-origin.ts';
import type { CallbackTable } from './callback-table.ts';
import { checkMeta } from './check-meta.ts';
import { checkStorable } from './check-storable.ts';

/** How candidates are made. */
export interface IntakeOptions {
  /** The identity of a request. */
  readonly fingerprintOf: (request: Request) => Fingerprint;
  /** The throttling group of a request. */
  readonly groupOf: (request: Request) => string;
  /** Requests are stored: they must be plain data, and start requests that are known are left out. */
  readonly isJob: boolean;
  /** Requests that `start()` gave in another generation of the job are no duplicates. @defaultValue `0` */
  readonly startGeneration?: number | undefined;
}

/** Makes candidates for the scheduler out of what spiders and redirects give. */
export class RequestIntake {
  readonly #chain: SchedulerChain;
  readonly #callbacks: CallbackTable;
  readonly #fingerprintOf: (request: Request) => Fingerprint;
  readonly #groupOf: (request: Request) => string;
  readonly #isJob: boolean;
  readonly #startGeneration: number;
  readonly #taken = new WeakSet<Request>();

  constructor(chain: SchedulerChain, callbacks: CallbackTable, options: IntakeOptions) {
    const { fingerprintOf, groupOf, isJob, startGeneration = 0 } = options;
    this.#chain = chain;
    this.#callbacks = callbacks;
    this.#fingerprintOf = fingerprintOf;
    this.#groupOf = groupOf;
    this.#isJob = isJob;
    this.#startGeneration = startGeneration;
  }

  /**
   * Runs the scheduler middlewares and gives a candidate, or why there is none.
   *
   * @throws InvalidCallbackError when a callback is not a member of the spider.
   * @throws InvalidRequestError when a job cannot store it, or its `meta` asks for something in Scrapy's words.
   */
  accept(
    given: Request,
    origin: Unit | undefined,
    source: RequestSource,
  ): Candidate | Drop | Promise<Candidate | Drop> {
    // Components change requests until they are queued, so one that is given twice becomes two.
    const request = this.#taken.has(given) ? given.copy() : given;
    this.#taken.add(request);
    this.#nameOf(request.callback, request);
    this.#nameOf(request.errback, request);
    const answer = this.#chain.enqueue(request, origin, source);
    if (isPromise(answer))
      return answer.then((late) => (isDrop(late) ? late : this.#candidate(late, source)));
    return isDrop(answer) ? answer : this.#candidate(answer, source);
  }

  #candidate(request: Request, source: RequestSource): Candidate {
    checkMeta(request);
    if (this.#isJob) checkStorable(request);
    const identity = this.#fingerprintOf(request);
    if (source === 'start' && this.#startGeneration > 0) request.meta.startGeneration = this.#startGeneration;
    const mayBeAgain = this.#isJob && source === 'start' ? false : request.dontFilter;
    return {
      request,
      fingerprint: identity,
      ...(this.#isOfStart(request, source) && {
        // In each generation it is a new one.
        seenAs: derivedFingerprint(identity, `start ${this.#startGeneration}`),
      }),
      host: this.#groupOf(request),
      origin: originOf(request.url),
      filtered: !mayBeAgain && !(source === 'redirect' && this.#isInOwnChain(request, identity)),
      callback: this.#nameOf(request.callback, request),
      errback: this.#nameOf(request.errback, request),
    };
  }

  /** Whether `start()`, run again, gave it, or it is where such a request was redirected to. */
  #isOfStart({ meta }: Request, source: RequestSource): boolean {
    if (this.#startGeneration === 0) return false;
    return source === 'start' || (source === 'redirect' && meta.startGeneration === this.#startGeneration);
  }

  #nameOf(reference: CallbackReference | undefined, { url }: Request): string | undefined {
    return reference === undefined ? undefined : this.#callbacks.nameOf(reference, url);
  }

  /** A redirect back to an address of its own chain is ended by the limit of hops, not by the filter. */
  #isInOwnChain(request: Request, identity: Fingerprint): boolean {
    const { redirects = [] } = request.meta;
    return redirects.some(({ url }) => this.#fingerprintOf(request.replace({ url })) === identity);
  }
}
