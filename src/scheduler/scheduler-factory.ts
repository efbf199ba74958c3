import type { Scheduler } from '../contracts/scheduler.ts';
import type { MemorySchedulerOptions } from './memory-scheduler.ts';

/** Makes the scheduler of a crawl (`settings.scheduler`) out of what the built-in one would be made with. */
export type SchedulerFactory = (options: MemorySchedulerOptions) => Scheduler | Promise<Scheduler>;
