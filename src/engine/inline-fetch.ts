import type { DownloaderChain, DownloadOutcome } from '../chain/downloader-chain.ts';
import { isPromise } from '../chain/is-promise.ts';
import type { SchedulerChain } from '../chain/scheduler-chain.ts';
import type { BodySink } from '../contracts/body-sink.ts';
import type { Clock } from '../contracts/clock.ts';
import type { Scheduler } from '../contracts/scheduler.ts';
import type { Stats } from '../contracts/stats.ts';
import type { Unit } from '../contracts/unit.ts';
import { DownloadCancelledError } from '../errors/download-cancelled-error.ts';
import { DroppedError } from '../errors/dropped-error.ts';
import { isDrop } from '../values/drop.ts';
import { isRequest, type Request } from '../values/request.ts';
import { isResponse, type Response } from '../values/response.ts';
import { originOf } from '../values/url-origin.ts';
import { checkMeta } from './check-meta.ts';
import type { DownloadGate } from './download-gate.ts';
import type { PageDownload } from './page-download.ts';
import { type AttemptDefaults, UnitRun } from './unit-run.ts';

/** What inline downloads work with. */
export interface InlineFetchParts {
  readonly scheduler: Scheduler;
  readonly enqueue: SchedulerChain;
  readonly pages: PageDownload;
  readonly clock: Clock;
  readonly stats: Stats;
  readonly attempt: AttemptDefaults;
  /** The throttling group of a request. */
  readonly groupOf: (request: Request) => string;
  /** A number that no other unit has. */
  readonly nextId: () => number;
}

/** How one inline download runs. */
export interface InlineRoute {
  readonly chain: DownloaderChain;
  readonly gate: DownloadGate;
  /** The unit it is made for. */
  readonly parent: Unit | undefined;
  /** Whether origins are prepared (robots.txt) and scheduler middlewares asked before; not for errands of components. */
  readonly isChecked: boolean;
  /** Host slot to use instead of that of the URL. */
  readonly host?: string | undefined;
  /** Takes the body of the answer. */
  readonly bodySink?: BodySink | undefined;
}

/**
 * Downloads outside of the queue: `fetch` in callbacks, robots.txt, media. Retries and redirects are done here
 * and now; host slots, delays and middlewares are the same as for queued requests, and come before those.
 */
export class InlineFetch {
  readonly #parts: InlineFetchParts;
  readonly #running = new Set<UnitRun>();
  /** Why there are no more. */
  #ended: string | undefined;

  constructor(parts: InlineFetchParts) {
    this.#parts = parts;
  }

  /** How many are under way or wait for their host. */
  get active(): number {
    return this.#running.size;
  }

  /** @throws CrawlError what it failed with after all retries; DownloadCancelledError when it was given up. */
  async run(given: Request, route: InlineRoute): Promise<Response> {
    let request = given;
    for (let retries = 0; ; ) {
      if (route.isChecked) request = await this.#check(request, route);
      if (this.#ended !== undefined) throw new DownloadCancelledError(request.url, this.#ended);
      const unit = this.#unit(request, retries, route);
      this.#running.add(unit);
      const stopFollowing = follow(route.parent, unit);
      try {
        const outcome = await this.#attempt(unit, route);
        if (isResponse(outcome)) return outcome;
        if (isRequest(outcome)) {
          request = outcome;
          retries = 0;
        } else if (isDrop(outcome)) {
          throw new DroppedError(request.url, outcome);
        } else {
          retries += 1;
          await this.#sleep(outcome.afterMs, unit.signal);
        }
      } finally {
        stopFollowing();
        this.#running.delete(unit);
      }
    }
  }

  /** Gives all of them up, and those that come later. */
  abort(reason: string): void {
    this.#ended = reason;
    for (const unit of this.#running) unit.abort(new DownloadCancelledError(unit.request.url, reason));
  }

  async #attempt(unit: UnitRun, { chain, gate, host }: InlineRoute): Promise<DownloadOutcome> {
    const { pages, stats, groupOf } = this.#parts;
    stats.inc('fetch/count');
    const slot = host ?? groupOf(unit.request);
    const place = await pages.enter(slot, gate, unit.signal);
    return pages.run(unit, { chain, gate, host: slot, place });
  }

  /** Before a host's place is taken: robots.txt is fetched over the same place. */
  async #check(given: Request, { chain, parent }: InlineRoute): Promise<Request> {
    const { enqueue, groupOf } = this.#parts;
    const answered = enqueue.enqueue(given, parent, 'fetch');
    const answer = isPromise(answered) ? await answered : answered;
    if (isDrop(answer)) throw new DroppedError(given.url, answer);
    checkMeta(answer);
    await chain.prepare(originOf(answer.url), groupOf(answer));
    return answer;
  }

  #unit(request: Request, retries: number, { bodySink, isChecked }: InlineRoute): UnitRun {
    const { attempt, nextId } = this.#parts;
    const identity = { id: nextId(), attempt: 1, retries, isInline: true, bodySink, isErrand: !isChecked };
    return new UnitRun(request, identity, attempt);
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const cancel = this.#parts.clock.setTimeout(done, ms);
      const giveUp = (): void => {
        cancel();
        reject(signal.reason);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}

/** A unit's end is the end of what it fetches. */
function follow(parent: Unit | undefined, unit: UnitRun): () => void {
  if (parent === undefined) return () => {};
  const { signal } = parent;
  const abort = (): void => unit.abort(DownloadCancelledError.of(unit.request.url, signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
