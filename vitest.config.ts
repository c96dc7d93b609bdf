import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that need a process of their own: of what a process has once (the SDK's log, what it does on signals), they change something. */
const ALONE = ['test/{trials,replay,stack}/**/*.test.ts', 'test/e2e/*canar*.test.ts'];

/** They take minutes: begun last, they would be waited for by one core. */
const LONG =
  /\/test\/(?:conformance|trials)\/|\/e2e\/(?:large-runs|continue-as-new|write-ahead|decisions|outbox|stack|cold-cache)\.test/;

/** Those with a process of their own first, since a shared one ends when the next file wants its own; of each, the long ones. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number =>
      (project.name === 'alone' ? 0 : 2) + (LONG.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** What tests of both projects have. */
const common = {
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for is mostly a run; a look at one costs a few milliseconds of both cores.
  expect: { poll: { interval: 200 } },
};

export default defineConfig({
  test: {
    // Most of the long tests wait for time to pass, so one worker more than there are cores is no crowd.
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: LongFirst },
    retry: 0,
    globals: false,
    // One Temporal server and one workflow bundle for the whole suite; each test has its own task queue and world.
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      { test: { ...common, name: 'alone', include: ALONE } },
      // The rest keeps what it has loaded from file to file, which is half of its time.
      {
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
        },
      },
    ],
  },
});
