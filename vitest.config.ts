import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Most of the long tests wait for time to pass, so one worker more than there are cores is no crowd.
    maxWorkers: Math.max(3, availableParallelism()),
    retry: 0,
    globals: false,
    // One Temporal server and one workflow bundle for the whole suite; each test has its own task queue and world.
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
