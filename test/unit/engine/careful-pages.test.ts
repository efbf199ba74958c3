import { describe, expect, it } from 'vitest';
import type { Lease, Scheduler } from '../../../src/contracts/scheduler.ts';
import { CarefulPages } from '../../../src/engine/careful-pages.ts';
import { UnitRun } from '../../../src/engine/unit-run.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { Request } from '../../../src/values/request.ts';

function setUp() {
  const clock = new ManualClock();
  const noted: string[] = [];
  const scheduler = {
    arrived: async ({ id }: Lease, isSlow = false) => {
      noted.push(`${id} ${isSlow ? 'is slow' : 'begins'}`);
    },
    flushed: async () => {},
  };
  const pages = new CarefulPages(scheduler as unknown as Scheduler, clock);
  const page = (id: number, attempt: number) => {
    const request = new Request(`http://site.test/${id}`);
    const unit = new UnitRun(
      request,
      { id, attempt, retries: 0, isInline: false },
      { timeoutMs: 1, maxBodyBytes: 1 },
    );
    return { unit, lease: { id, attempt, request } as unknown as Lease };
  };
  return { clock, noted, pages, page };
}

describe('pages that were under way when the process ended', () => {
  it('are worked on one at a time, each noted before', async () => {
    const { noted, pages, page } = setUp();
    const [first, second] = [page(1, 2), page(2, 2)];
    await pages.enter(first.unit, first.lease);
    const waiting = pages.enter(second.unit, second.lease);
    expect(noted).toEqual(['1 begins']);
    await pages.leave(first.unit);
    await waiting;
    expect(noted).toEqual(['1 begins', '2 begins']);
  });

  it('do not hold up others', () => {
    const { noted, pages, page } = setUp();
    const { unit, lease } = page(1, 1);
    expect(pages.enter(unit, lease)).toBeUndefined();
    expect(noted).toEqual([]);
  });

  it('are noted as slow after a second, and not once they are done', async () => {
    const { clock, noted, pages, page } = setUp();
    const [slow, quick] = [page(1, 2), page(2, 2)];
    await pages.enter(slow.unit, slow.lease);
    await clock.advance(1000);
    await pages.leave(slow.unit);
    await pages.enter(quick.unit, quick.lease);
    await pages.leave(quick.unit);
    await clock.advance(5000);
    expect(noted).toEqual(['1 begins', '1 is slow', '2 begins']);
  });
});
