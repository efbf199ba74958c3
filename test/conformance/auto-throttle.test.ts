import { HostPace } from '../../src/scheduler/host-pace.ts';
import { cases } from './load.ts';

interface Crawl {
  readonly startDelay: number;
  readonly minDelay: number;
  readonly maxDelay: number;
  readonly targetConcurrency: number;
  readonly answers: readonly { readonly latency: number; readonly status: number }[];
}

cases<Crawl>('auto-throttle', ({ startDelay, minDelay, maxDelay, targetConcurrency, answers }) => {
  const pace = new HostPace(
    'site.test',
    {
      concurrency: 8,
      delayMs: minDelay * 1000,
      randomizeDelay: false,
      adaptive: true,
      autoThrottle: { startDelayMs: startDelay * 1000, maxDelayMs: maxDelay * 1000, targetConcurrency },
      random: Math.random,
    },
    undefined,
  );
  return answers.map(({ latency, status }) => {
    pace.learn({ latencyMs: latency * 1000, status });
    return pace.delayMs / 1000;
  });
});
