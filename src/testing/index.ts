// What tests of spiders and components need: spiders on saved pages, time that stands still, a log that can be read, a
// site on loopback.
export { type LogRecord, MemoryLogger } from '../logging/memory-logger.ts';
export { silentLogger } from '../logging/silent-logger.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox-server.ts';
export { type ContractProblem, type ContractReport, checkContracts } from './check-contracts.ts';
export { type InspectTerminal, inspectResponse } from './inspect-response.ts';
export { ManualClock } from './manual-clock.ts';
export { openInBrowser } from './page-view.ts';
export type { SavedPage, SavedPages } from './saved-pages.ts';
export type { ErrorRecord, RequestRecord } from './spider-records.ts';
export { type SpiderTestOptions, type SpiderTestResult, testSpider } from './test-spider.ts';
