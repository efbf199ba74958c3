import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/contracts/clock.ts';
import type { HostLimits } from '../../src/contracts/scheduler.ts';
import type { Store } from '../../src/contracts/store.ts';
import { JobItemLog } from '../../src/job/job-item-log.ts';
import { JobJournal } from '../../src/job/job-journal.ts';
import { DiskScheduler } from '../../src/scheduler/disk-scheduler.ts';
import { MemoryStore } from './memory-store.ts';

/** How the frontier of a test is made. */
export interface DiskFrontierSetup {
  readonly clock: Clock;
  readonly order?: 'lifo' | 'fifo';
  readonly concurrency?: number;
  readonly delayMs?: number;
  readonly prepareOrigins?: boolean;
  readonly hostLimits?: Readonly<Record<string, HostLimits>>;
  readonly pageSize?: number;
  readonly mostHeld?: number;
  readonly compactAfter?: number;
  readonly imageAfter?: number;
}

/** The files of one job, that frontiers can be opened on one after the other, without the engine around them. */
export class DiskFrontier {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'orbweaver-frontier-'));
  readonly records: Map<string, Uint8Array> = new Map();
  readonly faults: Error[] = [];
  /** What hindered images of the duplicate filter. */
  readonly imageFaults: unknown[] = [];
  journal: JobJournal | undefined;
  items: JobItemLog | undefined;

  /** Opens the frontier on what the last one left on disk: nothing of it need have been closed. */
  async open(setup: DiskFrontierSetup, store: Store = new MemoryStore(this.records)): Promise<DiskScheduler> {
    const {
      clock,
      order = 'lifo',
      concurrency = 1000,
      delayMs = 0,
      prepareOrigins = false,
      ...sizes
    } = setup;
    const { folder } = this;
    const onFault = (error: Error): void => {
      this.faults.push(error);
    };
    this.journal = await JobJournal.open({ folder, store, clock, onFailure: onFault });
    this.items = await JobItemLog.open(folder, this.journal);
    return DiskScheduler.open({
      folder,
      journal: this.journal,
      items: this.items,
      onFault,
      onImageFault: (error) => this.imageFaults.push(error),
      clock,
      order,
      pace: { concurrency, delayMs, randomizeDelay: false, adaptive: false },
      prepareOrigins,
      ...sizes,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
