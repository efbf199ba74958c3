// What benches and scripts use of the framework beyond its public entries; the build makes it, the package lacks it.
export { systemClock } from '../src/clock/system-clock.ts';
export { Job } from '../src/job/job.ts';
export { silentLogger } from '../src/logging/silent-logger.ts';
export { scanLinks } from '../src/markup/link-scanner.ts';
export { Selector } from '../src/markup/selector.ts';
export { startSandbox } from '../src/sandbox/sandbox-server.ts';
export { expectedAuthors, expectedProducts, expectedQuotes } from '../src/sandbox/truth.ts';
export { DiskScheduler } from '../src/scheduler/disk-scheduler.ts';
export { MemoryScheduler } from '../src/scheduler/memory-scheduler.ts';
export { DEFAULT_SETTINGS } from '../src/settings/default-settings.ts';
export { openLevelStore } from '../src/store/level-store.ts';
export { ManualClock } from '../src/testing/manual-clock.ts';
export { fingerprint } from '../src/values/fingerprint.ts';
export { Request } from '../src/values/request.ts';
export { hostKey, originOf } from '../src/values/url-origin.ts';
