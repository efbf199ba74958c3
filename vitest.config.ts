import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/conformance/report.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'threads',
    // Much of the suite waits for processes and sockets: one worker for each core, not one less.
    maxWorkers: availableParallelism(),
    // Nowhere isolated: loading the framework anew for each of hundreds of files would take longer than their tests.
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/{unit,conformance}/**/*.test.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'parity',
          include: ['test/parity/**/*.test.ts'],
          setupFiles: ['test/parity/must-assert.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'whole', include: ['test/{docs,integration,types}/**/*.test.ts'], isolate: false },
      },
    ],
  },
});
