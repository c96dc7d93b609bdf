import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StackContext, StackDoor } from '../../src/cli/stack-door.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { done, ended, RUN_ID, view, waitingStep } from './sample-run.ts';

const views = [view([waitingStep()], { state: 'waiting' }), ended('succeeded', [done('go', 0, 1)])];

/** A stack whose demo follows a run and says something in the middle of it. */
function talkative(): Partial<StackDoor> {
  return {
    async runDemo({ print, follow }: StackContext) {
      print('Starting.');
      const muster = fakeMuster({ views });
      let looks = 0;
      return follow(
        {
          ...muster,
          show: async (runId) => {
            looks += 1;
            if (looks === 2) print('somebody answers');
            return muster.show(runId);
          },
        },
        RUN_ID,
        { dataDir: join(process.cwd(), '.muster', 'demo') },
      );
    },
  };
}

test('the demo goes through its gates and answers with the exit code of its run', async () => {
  const { code, stdout } = await runMuster(['demo'], { stack: talkative() });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Starting\.\n[^]+\nsomebody answers\n[^]+Outcome: succeeded after 2 m\n$/);
});

test('the commands at a gate of the demo lead to its stack', async () => {
  const { stdout } = await runMuster(['demo'], { stack: talkative() });
  expect(stdout).toContain(`npx muster --data .muster/demo vote ${RUN_ID} go --approve`);
});

test('a line from elsewhere stays above the live picture', async () => {
  const { stdout } = await runMuster(['demo'], { stack: talkative(), isTTY: true });
  expect(stdout).toMatch(/somebody answers\n[^]*Fail ERP over now\?/);
});

test('with --json only the final view is on stdout', async () => {
  const { stdout, stderr } = await runMuster(['demo', '--json'], { stack: talkative() });
  expect(JSON.parse(stdout)).toEqual(views[1]);
  expect(stderr).toBe('Starting.\nsomebody answers\n');
});
