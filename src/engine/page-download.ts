import type { DownloaderChain, DownloadOutcome } from '../chain/downloader-chain.ts';
import type { Clock } from '../contracts/clock.ts';
import type { Downloader } from '../contracts/downloader.ts';
import type { DownloadFacts, HostPass, Lease, Scheduler } from '../contracts/scheduler.ts';
import type { Signals } from '../contracts/signal.ts';
import { hostFault } from '../errors/host-fault.ts';
import type { Settings } from '../settings/settings.ts';
import type { Drop } from '../values/drop.ts';
import type { Request } from '../values/request.ts';
import { isResponse, type Response } from '../values/response.ts';
import type { DownloadGate } from './download-gate.ts';
import { HeldPlaces } from './held-places.ts';
import type { UnitRun } from './unit-run.ts';
import { watchDownload } from './watch-download.ts';

/** What downloads work with. */
export interface PageDownloadParts {
  readonly scheduler: Pick<Scheduler, 'enter' | 'downloaded'>;
  readonly downloader: Downloader;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly settings: Settings;
  /** Told of an answer before anything is made of it; it may have to wait. */
  readonly arrived: (unit: UnitRun) => Promise<void> | undefined;
}

/** How one attempt runs. */
export interface DownloadRoute {
  readonly chain: DownloaderChain;
  /** Where it has taken a place. */
  readonly gate: DownloadGate;
  readonly host: string;
  /** Its place at the host. */
  readonly place: Lease | HostPass;
  /** Asked first: a drop is what the attempt comes to. */
  readonly before?: (unit: UnitRun) => Drop | undefined | Promise<Drop | undefined>;
}

/** Runs one attempt through the downloader middlewares, and frees its places as soon as the network is done. */
export class PageDownload {
  readonly #parts: PageDownloadParts;
  /** Of attempts that have not reached the network yet. */
  readonly #early = new Set<HeldPlaces>();
  /** Hosts at which downloads outside of the queue wait for a place, and how many. */
  readonly #wanted = new Map<string, number>();

  constructor(parts: PageDownloadParts) {
    this.#parts = parts;
  }

  /**
   * One attempt. The places it holds are given back when the download is over, or when there was none.
   *
   * @throws what the download failed with, where no middleware made something else of it.
   */
  async run(unit: UnitRun, { chain, gate, host, place, before }: DownloadRoute): Promise<DownloadOutcome> {
    const held = new HeldPlaces(this.#parts.scheduler, gate, host, place);
    this.#early.add(held);
    // By then it has reached the network, or a hook of it waits for something.
    if (this.#wanted.size > 0 || gate.isWanted) setImmediate(() => this.#makeWay());
    try {
      const dropped = await before?.(unit);
      if (dropped !== undefined) return dropped;
      const outcome = await chain.run(unit.request, unit, async () => {
        if (held.areLeft) held.takeAgain(await this.enter(host, gate, unit.signal));
        this.#early.delete(held);
        return this.#download(unit.request, unit, held);
      });
      return withRetries(outcome, unit.retries);
    } finally {
      this.#early.delete(held);
      held.leave(undefined);
    }
  }

  /**
   * Waits for both places. What waits may be wanted by a hook of an attempt that holds the very place, and then both
   * would wait for ever: as long as somebody waits, attempts that have not reached the network step back.
   */
  async enter(host: string, gate: DownloadGate, signal: AbortSignal): Promise<HostPass> {
    this.#wanted.set(host, (this.#wanted.get(host) ?? 0) + 1);
    let place: HostPass;
    try {
      const waits = this.#parts.scheduler.enter(host, signal);
      this.#makeWay();
      place = await waits;
    } finally {
      const left = (this.#wanted.get(host) ?? 1) - 1;
      if (left > 0) this.#wanted.set(host, left);
      else this.#wanted.delete(host);
    }
    const waits = gate.enter();
    this.#makeWay();
    await waits;
    return place;
  }

  #makeWay(): void {
    for (const held of this.#early) if (this.#isWanted(held)) held.leave(undefined);
  }

  #isWanted({ host, gate }: HeldPlaces): boolean {
    return this.#wanted.has(host) || gate.isWanted;
  }

  async #download(request: Request, unit: UnitRun, held: HeldPlaces): Promise<Response> {
    const { downloader, clock, signals } = this.#parts;
    if (signals.has('requestReachedDownloader')) void signals.emit('requestReachedDownloader', { request });
    unit.watch = unit.isErrand ? undefined : watchDownload(signals, request);
    const startedMs = clock.monotonicMs();
    try {
      const response = await downloader.download(request, unit);
      const totalMs = clock.monotonicMs() - startedMs;
      held.leave({
        latencyMs: response.timings?.latencyMs ?? totalMs,
        totalMs,
        status: response.status,
        ...keepDelay(request),
      });
      unit.response = response;
      const waits = this.#parts.arrived(unit);
      if (waits !== undefined) await waits;
      if (signals.has('responseDownloaded')) void signals.emit('responseDownloaded', { request, response });
      return response;
    } catch (error) {
      const latencyMs = clock.monotonicMs() - startedMs;
      held.leave({ latencyMs, status: undefined, ...faultOf(error), ...keepDelay(request) });
      throw error;
    } finally {
      if (signals.has('requestLeftDownloader')) void signals.emit('requestLeftDownloader', { request });
    }
  }
}

/** Callbacks have the response, not the unit. Most answers come at the first try and stay as they are. */
function withRetries(outcome: DownloadOutcome, retries: number): DownloadOutcome {
  return isResponse(outcome) && outcome.retries !== retries ? outcome.replace({ retries }) : outcome;
}

const KEEP_DELAY = { keepDelay: true } as const;

function keepDelay({ meta }: Request): typeof KEEP_DELAY | undefined {
  return meta.autothrottleDontAdjustDelay === true ? KEEP_DELAY : undefined;
}

const FACTS_OF_FAULT = {
  'time-out': { timedOut: true },
  connection: { connectionFailed: true },
} as const;

function faultOf(error: unknown): Pick<DownloadFacts, 'timedOut' | 'connectionFailed'> | undefined {
  const fault = hostFault(error);
  return fault && FACTS_OF_FAULT[fault];
}
