import type { RequestSource, SchedulerMiddleware } from '../contracts/scheduler-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import { isRequest, type Request } from '../values/request.ts';
import { isPromise } from './is-promise.ts';

/** The scheduler middlewares, compiled once. */
export class SchedulerChain {
  readonly #onEnqueue: readonly NonNullable<SchedulerMiddleware['processEnqueue']>[];
  readonly #onDequeue: readonly NonNullable<SchedulerMiddleware['processDequeue']>[];

  constructor(middlewares: readonly SchedulerMiddleware[]) {
    this.#onEnqueue = middlewares.flatMap((one) => one.processEnqueue?.bind(one) ?? []);
    this.#onDequeue = middlewares.flatMap((one) => one.processDequeue?.bind(one) ?? []);
  }

  /** What is queued in the request's stead, or why nothing is; a promise only where a hook waits. */
  enqueue(
    request: Request,
    origin: Unit | undefined,
    source: RequestSource,
  ): Request | Drop | Promise<Request | Drop> {
    return this.#enqueueFrom(0, request, origin, source);
  }

  /** Why a request that left the queue ends here, if it does. */
  dequeue(request: Request): Drop | undefined | Promise<Drop | undefined> {
    for (let at = 0; at < this.#onDequeue.length; at++) {
      const answer = this.#onDequeue[at]?.(request);
      if (isPromise(answer)) return this.#dequeueLater(answer as PromiseLike<Drop | undefined>, at, request);
      if (isDrop(answer)) return answer;
    }
    return undefined;
  }

  #enqueueFrom(
    from: number,
    given: Request,
    origin: Unit | undefined,
    source: RequestSource,
  ): Request | Drop | Promise<Request | Drop> {
    let request = given;
    for (let at = from; at < this.#onEnqueue.length; at++) {
      const answer = this.#onEnqueue[at]?.(request, origin, source);
      if (isPromise(answer)) {
        return Promise.resolve(answer).then((late) =>
          isDrop(late) ? late : this.#enqueueFrom(at + 1, isRequest(late) ? late : request, origin, source),
        );
      }
      if (isDrop(answer)) return answer;
      if (isRequest(answer)) request = answer;
    }
    return request;
  }

  async #dequeueLater(
    first: PromiseLike<Drop | undefined>,
    from: number,
    request: Request,
  ): Promise<Drop | undefined> {
    let answer: Drop | undefined | void = await first;
    for (let at = from; !isDrop(answer); ) {
      at += 1;
      const hook = this.#onDequeue[at];
      if (hook === undefined) return undefined;
      answer = await hook(request);
    }
    return answer;
  }
}
