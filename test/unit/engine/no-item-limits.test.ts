import { expect, it } from 'vitest';
import { NoItemLimits } from '../../../src/engine/no-item-limits.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';

function limits(settings: { maxDurationWithoutItemMs?: number; maxPagesWithoutItem?: number }) {
  const clock = new ManualClock();
  const stopped: { reason: string; atMs: number }[] = [];
  const watch = new NoItemLimits({
    clock,
    settings: { maxDurationWithoutItemMs: 0, maxPagesWithoutItem: 0, ...settings },
    stop: (reason) => stopped.push({ reason, atMs: clock.monotonicMs() }),
  });
  watch.start();
  return { clock, stopped, watch };
}

it('ends the crawl exactly so long after the last item', async () => {
  const { clock, stopped, watch } = limits({ maxDurationWithoutItemMs: 5000 });
  await clock.advance(3000);
  watch.items();
  await clock.advance(1234);
  watch.items();
  await clock.advance(60_000);
  expect(stopped).toEqual([{ reason: 'maxDurationWithoutItem', atMs: 9234 }]);
});

it('holds one timer however many items come, and none when it is closed', async () => {
  const { clock, watch } = limits({ maxDurationWithoutItemMs: 5000 });
  for (let item = 0; item < 100; item++) watch.items();
  expect(clock.pending).toBe(1);
  watch.close();
  expect(clock.pending).toBe(0);
});

it('counts empty pages in a row only', () => {
  const { stopped, watch } = limits({ maxPagesWithoutItem: 2 });
  watch.emptyPage();
  watch.items();
  watch.emptyPage();
  expect(stopped).toEqual([]);
  watch.emptyPage();
  expect(stopped.map(({ reason }) => reason)).toEqual(['maxPagesWithoutItem']);
});

it('does nothing where no limit is set', () => {
  const { clock, stopped, watch } = limits({});
  watch.emptyPage();
  expect([clock.pending, stopped.length]).toEqual([0, 0]);
});
