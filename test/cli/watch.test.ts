import { expect, test } from 'vitest';
import { MusterError, type RunView } from '../../src/client/index.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { isBlocked } from '../../src/cli/watch/follow.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { done, ended, running, RUN_ID, step, view, waitingStep } from './sample-run.ts';

const away = new MusterError('temporal.unreachable');
const under = view([running('failover', 0)]);
const over = ended('succeeded', [done('failover', 0, 10)]);

const watch = (views: readonly (RunView | MusterError)[], args: readonly string[] = [], isTTY = false) =>
  runMuster(['watch', RUN_ID, ...args], { muster: fakeMuster({ views }), isTTY });

test.each([
  ['succeeded', EXIT.ok],
  ['warned', EXIT.ok],
  ['failed', EXIT.failed],
  ['cancelled', EXIT.cancelled],
  ['rejected', EXIT.rejected],
] as const)('a run that %s ends the watching with %i', async (outcome, code) => {
  expect((await watch([under, ended(outcome, [done('failover', 0, 10)])])).code).toBe(code);
});

test('a run that was terminated has failed', async () => {
  expect((await watch([view([step('failover')], { state: 'terminated' })])).code).toBe(EXIT.failed);
});

test('without a terminal it prints lines and then the timeline', async () => {
  const { stdout } = await watch([under, under, over]);
  expect(stdout).toBe(`dr-drill-20250131-k7m2qz  drill  exercise, started by anna
+00:00:00  ▸ failover: Step failover: running
+00:00:10  ✓ failover: Step failover: succeeded (10.0 s)

A drill of ERP
dr-drill-20250131-k7m2qz  drill  exercise, started by anna

STEP      OUTCOME    START      DURATION  NOTE
failover  succeeded  +00:00:00  10.0 s

Outcome: succeeded after 2 m
`);
});

test('without a terminal it leaves a run that waits for people, and says how to answer', async () => {
  const { code, stdout } = await watch([view([waitingStep()], { state: 'waiting' }), over]);
  expect(code).toBe(EXIT.waiting);
  expect(stdout).toContain(`npx muster vote ${RUN_ID} go --approve --as NAME`);
});

test('with --wait it stays at the gate', async () => {
  expect((await watch([view([waitingStep()], { state: 'waiting' }), over], ['--wait'])).code).toBe(EXIT.ok);
});

test('a run that waits because a server is away ends with the code for that', async () => {
  const failure = { code: 'veeam.unreachable', message: 'dr-site cannot be reached' } as const;
  const { code } = await watch([view([waitingStep('failover', { failure })], { state: 'waiting' })]);
  expect(code).toBe(EXIT.unreachable);
});

test('a gate beside a running branch does not end the watching', () => {
  const branches = step('both', { kind: 'parallel', state: 'running' });
  expect(isBlocked({ steps: [branches, waitingStep('both/go'), running('both/web', 0)] })).toBe(false);
  expect(isBlocked({ steps: [branches, waitingStep('both/go'), done('both/web', 0, 1)] })).toBe(true);
});

test('on a terminal it stays at the gate, and ends with the timeline', async () => {
  const { code, stdout } = await watch([view([waitingStep()], { state: 'waiting' }), over], [], true);
  expect(code).toBe(EXIT.ok);
  expect(stdout).toContain('Fail ERP over now?');
  expect(stdout).toMatch(/Outcome: succeeded after 2 m\n$/);
});

test('a short loss of the server is told and survived', async () => {
  const { code, stdout } = await watch([under, away, away, over]);
  expect(code).toBe(EXIT.ok);
  expect(stdout.match(/cannot be seen/g)).toHaveLength(1);
  expect(stdout).toContain('The run can be seen again.');
});

test('a long loss ends the watching with 4', async () => {
  expect((await watch([under, away])).code).toBe(EXIT.unreachable);
});

test('a server that was never there ends it at once', async () => {
  const muster = fakeMuster({ views: [away] });
  expect((await runMuster(['watch', RUN_ID], { muster })).code).toBe(EXIT.unreachable);
  expect(muster.calls.filter(([operation]) => operation === 'show')).toHaveLength(1);
});

test('Ctrl-C leaves the run, with 3 when a gate is open', async () => {
  const interrupt = async (shown: RunView) => {
    const controller = new AbortController();
    const muster = fakeMuster({ views: [shown] });
    return runMuster(['watch', RUN_ID, '--wait'], {
      muster,
      signal: controller.signal,
      sleep: async () => controller.abort(),
    });
  };
  expect((await interrupt(view([waitingStep()], { state: 'waiting' }))).code).toBe(EXIT.waiting);
  const { code, stdout } = await interrupt(under);
  expect(code).toBe(EXIT.interrupted);
  expect(stdout).toContain(`Watch it again: npx muster watch ${RUN_ID}`);
});

test('Ctrl-C does not wait for a server that hangs', async () => {
  const controller = new AbortController();
  const muster = fakeMuster({
    show: () => {
      controller.abort();
      return new Promise<RunView>(() => undefined);
    },
  });
  expect((await runMuster(['watch', RUN_ID], { muster, signal: controller.signal })).code).toBe(
    EXIT.interrupted,
  );
});

test('watch --json is a line of JSON for each change', async () => {
  const { stdout } = await watch([under, under, over], ['--json']);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([under, over]);
});

test('run --watch --json is one value, how the run ended', async () => {
  const muster = fakeMuster({ views: [under, over] });
  const { code, stdout } = await runMuster(
    ['run', 'runbooks/dr-drill.yaml', '--watch', '--json', '--as', 'anna'],
    { muster },
  );
  expect(code).toBe(EXIT.ok);
  expect(JSON.parse(stdout)).toEqual(over);
});
