import { type CrawlOptions, type Request, Response } from '../../src/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

/** An answer of a site whose time is the test's; 200 and empty unless it says more. */
export interface TimedAnswer {
  readonly status?: number;
  readonly body?: string;
  /** How long it takes. */
  readonly delayMs?: number;
}

/** A site on a clock of the test. */
export interface TimedSite {
  readonly clock: ManualClock;
  /** For `runSpider`: nothing is waited for, and robots.txt is not asked. */
  readonly options: CrawlOptions;
  /** When downloads began, milliseconds from the start. */
  readonly beganMs: readonly number[];
}

/** Serves what a function of the request answers. */
export function timedSite(answer: (request: Request) => TimedAnswer): TimedSite {
  const clock = new ManualClock();
  const beganMs: number[] = [];
  const startedMs = clock.monotonicMs();
  return {
    clock,
    beganMs,
    options: {
      clock,
      random: () => 0.5,
      settings: { obeyRobotsTxt: false },
      downloader: {
        async download(request) {
          beganMs.push(clock.monotonicMs() - startedMs);
          const { status = 200, body = '', delayMs = 0 } = answer(request);
          if (delayMs > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, delayMs));
          return new Response(request.url, { status, body, request });
        },
        async close() {},
      },
    },
  };
}
