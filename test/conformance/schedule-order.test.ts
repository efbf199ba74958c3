import { MemoryScheduler } from '../../src/scheduler/memory-scheduler.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { fingerprint } from '../../src/values/fingerprint.ts';
import { Request } from '../../src/values/request.ts';
import { cases } from './load.ts';

interface Plan {
  readonly order: 'lifo' | 'fifo';
  readonly ops: readonly (readonly ['push', name: string, priority: number] | readonly ['pop'])[];
}

const HOST = 'site.test';

cases<Plan>('schedule-order', ({ order, ops }) => {
  const scheduler = new MemoryScheduler({
    clock: new ManualClock(),
    order,
    pace: { concurrency: ops.length, delayMs: 0, randomizeDelay: false, adaptive: false },
  });
  const popped: (string | null)[] = [];
  for (const [op, name, priority] of ops) {
    if (op === 'push') {
      const request = new Request(`http://${HOST}/`, { priority, cbKwargs: name });
      const origin = `http://${HOST}`;
      scheduler.push([{ request, fingerprint: fingerprint(request), host: HOST, origin, filtered: false }]);
    } else {
      const [lease] = scheduler.take({ leases: 1, origins: 0 }).leases;
      popped.push(lease === undefined ? null : String(lease.request.cbKwargs));
    }
  }
  return popped;
});
