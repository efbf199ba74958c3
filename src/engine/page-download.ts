import type { DownloaderChain, DownloadOutcome } from '../chain/downloader-chain.ts';
import type { Clock } from '../contracts/clock.ts';
import type { Downloader } from '../contracts/downloader.ts';
import type { DownloadFacts } from '../contracts/scheduler.ts';
import type { Signals } from '../contracts/signal.ts';
import { isCrawlError } from '../errors/crawl-error.ts';
import type { Settings } from '../settings/settings.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { DownloadGate } from './download-gate.ts';
import type { UnitRun } from './unit-run.ts';

/** What downloads work with. */
export interface PageDownloadParts {
  readonly downloader: Downloader;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly settings: Settings;
  /** Told of an answer before anything is made of it; it may have to wait. */
  readonly arrived: (unit: UnitRun) => Promise<void> | undefined;
}

/** Runs one attempt through the downloader middlewares, and frees its places as soon as the network is done. */
export class PageDownload {
  readonly #parts: PageDownloadParts;

  constructor(parts: PageDownloadParts) {
    this.#parts = parts;
  }

  /**
   * One attempt. `left` is called exactly once: when the download is over, or when there was none.
   *
   * @throws what the download failed with, where no middleware made something else of it.
   */
  async run(
    unit: UnitRun,
    chain: DownloaderChain,
    gate: DownloadGate,
    left: (facts: DownloadFacts | undefined) => void,
  ): Promise<DownloadOutcome> {
    let isLeft = false;
    const leave = (facts: DownloadFacts | undefined): void => {
      if (isLeft) return;
      isLeft = true;
      gate.leave();
      left(facts);
    };
    try {
      return await chain.run(unit.request, unit, () => this.#download(unit.request, unit, leave));
    } finally {
      leave(undefined);
    }
  }

  async #download(
    request: Request,
    unit: UnitRun,
    leave: (facts: DownloadFacts | undefined) => void,
  ): Promise<Response> {
    const { downloader, clock, signals } = this.#parts;
    if (signals.has('requestReachedDownloader')) void signals.emit('requestReachedDownloader', { request });
    const startedMs = clock.monotonicMs();
    try {
      const response = await downloader.download(request, unit);
      leave({
        latencyMs: response.timings?.latencyMs ?? clock.monotonicMs() - startedMs,
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
      leave({ latencyMs, status: undefined, ...faultOf(error), ...keepDelay(request) });
      throw error;
    } finally {
      if (signals.has('requestLeftDownloader')) void signals.emit('requestLeftDownloader', { request });
    }
  }
}

const KEEP_DELAY = { keepDelay: true } as const;

function keepDelay({ meta }: Request): typeof KEEP_DELAY | undefined {
  return meta.autothrottleDontAdjustDelay === true ? KEEP_DELAY : undefined;
}

const TIMED_OUT = { timedOut: true } as const;
const CONNECTION_FAILED = { connectionFailed: true } as const;

/** What of the error is the host's. A name that does not exist, a proxy or a limit of ours say nothing about it. */
function faultOf(error: unknown): typeof TIMED_OUT | typeof CONNECTION_FAILED | undefined {
  switch (isCrawlError(error) ? error.code : undefined) {
    case 'ERR_CRAWL_DOWNLOAD_TIMEOUT':
      return TIMED_OUT;
    case 'ERR_CRAWL_CONNECTION_REFUSED':
    case 'ERR_CRAWL_CONNECTION_LOST':
      return CONNECTION_FAILED;
    default:
      return undefined;
  }
}
