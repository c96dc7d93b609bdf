import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that run workers of Temporal, or many processes: each file of them in a process of its own. */
const WITH_WORKERS = [
  'test/{e2e,conformance,trials,replay,stack}/**/*.test.ts',
  'test/control/continued.test.ts',
  'test/http/stage.test.ts',
];

/** What tests of both projects have. */
const common = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Most of the long tests wait for time to pass, so one worker more than there are cores is no crowd.
    maxWorkers: Math.max(3, availableParallelism()),
    retry: 0,
    globals: false,
    // One Temporal server and one workflow bundle for the whole suite; each test has its own task queue and world.
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      { test: { ...common, name: 'workers', include: WITH_WORKERS } },
      // The rest keeps what it has loaded from file to file, which is half of its time.
      {
        test: {
          ...common,
          name: 'plain',
          include: ['test/**/*.test.ts'],
          exclude: WITH_WORKERS,
          isolate: false,
        },
      },
    ],
  },
});
