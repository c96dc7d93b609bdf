import { describe, expect, test } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import { decide, outcomesOf, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

/** Runs these lines to their end. */
async function ran(lines: string, options: Parameters<Stage['start']>[1] = {}): Promise<RunView> {
  const stage = await stageForTest();
  return stage.ended(await stage.start(runbookOf(lines), options));
}

/** How long a step took, in milliseconds. */
function tookMs(view: RunView, path: string): number {
  const { startedAt = NaN, endedAt = NaN } = stepOf(view, path);
  return endedAt - startedAt;
}

describe('a step', () => {
  test('is left out with its condition as the reason', async () => {
    const view = await ran(`
inputs: { count: { type: integer, default: 3 } }
steps:
  - { id: many, if: inputs.count > 3, wait: 1d }
  - { id: after, check: 'steps.many.outcome == "skipped"' }
`);
    expect(stepOf(view, 'many')).toMatchObject({ outcome: 'skipped', reason: 'if: inputs.count > 3' });
    expect(view.outcome).toBe('succeeded');
  });

  test('is left out in other modes', async () => {
    const view = await ran(`
steps:
  - id: real
    modes: [live]
    steps: [{ id: inside, wait: 1d }]
  - { id: always, check: 'run.mode == "drill"' }
`);
    expect(outcomesOf(view)).toEqual({ real: 'skipped', 'real/inside': 'skipped', always: 'succeeded' });
    expect(stepOf(view, 'real/inside').reason).toBe('not in a drill run');
  });

  test('waits as long as it says', async () => {
    const view = await ran('steps: [{ id: pause, wait: 1s }]\n');
    expect(tookMs(view, 'pause')).toBeGreaterThanOrEqual(1_000);
  });

  test('sees what the steps before it found', async () => {
    const view = await ran(`
steps:
  - id: both
    steps:
      - { id: plan, uses: vro.plan, with: { plan: ERP-CANARY } }
      - { id: enabled, check: 'steps.plan.output.mode == "Enabled"' }
`);
    expect(outcomesOf(view)).toEqual({
      both: 'succeeded',
      'both/plan': 'succeeded',
      'both/enabled': 'succeeded',
    });
  });
});

describe('a failing step', () => {
  test('pauses the run when an expression cannot be evaluated', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { zero: { type: integer, default: 0 } }
steps: [{ id: divide, check: 1 / inputs.zero == 1 }]
`),
    );
    const { failure } = await stage.gate(runId, 'divide');
    expect(failure?.code).toBe('step.expressionFailed');
  });

  test('lets the run go on, warned, when it says so', async () => {
    const view = await ran(`
steps:
  - { id: block, steps: [{ id: bad, check: 1 > 2, onFailure: continue }] }
  - { id: after, check: 'steps.bad.outcome == "failed"' }
`);
    expect(outcomesOf(view)).toEqual({ block: 'warned', 'block/bad': 'failed', after: 'succeeded' });
    expect([view.outcome, stepOf(view, 'block/bad').failure?.code]).toEqual(['warned', 'step.checkFailed']);
  });

  test('ends the run when it says so, and cleanup and always still run', async () => {
    const view = await ran(`
steps:
  - { id: bad, check: 1 > 2, onFailure: { drill: stop } }
  - { id: later, wait: 1d }
cleanup: [{ id: tidy, check: 1 < 2 }]
always: [{ id: tell, check: 'run.outcome == "failed"' }]
`);
    expect([view.outcome, outcomesOf(view)]).toEqual([
      'failed',
      { bad: 'failed', later: 'skipped', 'cleanup/tidy': 'succeeded', 'always/tell': 'succeeded' },
    ]);
    expect(stepOf(view, 'later').reason).toBe('an earlier step failed');
  });
});

test('a live run has no cleanup', async () => {
  const view = await ran('steps: [{ id: one, check: 1 < 2 }]\ncleanup: [{ id: tidy, wait: 1d }]\n', {
    mode: 'live',
  });
  expect(stepOf(view, 'cleanup/tidy')).toMatchObject({
    outcome: 'skipped',
    reason: 'cleanup belongs to drills',
  });
  expect(view.outcome).toBe('succeeded');
});

describe('parallel branches', () => {
  test('all come to their end though one fails', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
steps:
  - id: both
    parallel:
      - { id: bad, check: 1 > 2 }
      - id: good
        steps: [{ id: pause, wait: 1s }, { id: fine, check: 1 < 2 }]
  - { id: after, check: 1 < 2 }
`),
    );
    await stage.gate(runId, 'both/bad');
    const waiting = await stage.until(runId, (view) => stepOf(view, 'both/good').state === 'ended');
    expect(outcomesOf(waiting)).toMatchObject({
      'both/good': 'succeeded',
      both: undefined,
      after: undefined,
    });
    await decide(stage, runId, 'both/bad', 'skip');
    expect((await stage.ended(runId)).outcome).toBe('warned');
  });

  test('end together when one of them stops the run', async () => {
    const view = await ran(`
steps:
  - id: both
    parallel:
      - { id: long, wait: 1d }
      - { id: bad, check: 1 > 2, onFailure: stop }
`);
    expect(outcomesOf(view)).toEqual({ both: 'cancelled', 'both/long': 'cancelled', 'both/bad': 'failed' });
    expect(view.outcome).toBe('failed');
  });
});

describe('a repeated read', () => {
  test('waits until its condition is true', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { url: { type: string } }
steps:
  - id: both
    parallel:
      - id: web
        uses: http.check
        with: { url: '\${{ inputs.url }}' }
        until: { within: 10m, every: 1s, if: output.status == 200 }
      - id: failover
        steps:
          - { id: late, wait: 1s }
          - { id: go, uses: vro.failover, with: { plan: ERP-CANARY } }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`),
      { inputs: { url: `${stage.simulator.urls.app}/apps/ERP-CANARY/health` } },
    );
    const view = await stage.ended(runId);
    expect(stepOf(view, 'both/web')).toMatchObject({ outcome: 'succeeded', output: { status: 200 } });
    expect(tookMs(view, 'both/web')).toBeGreaterThan(tookMs(view, 'both/failover/late'));
  });

  test('fails with its last reason when its time is over', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { url: { type: string } }
steps:
  - id: web
    uses: http.check
    with: { url: '\${{ inputs.url }}' }
    until: { within: 2s, every: 1s }
    onFailure: stop
`),
      { inputs: { url: `${stage.simulator.urls.app}/apps/ERP/health` } },
    );
    const { failure } = stepOf(await stage.ended(runId), 'web');
    expect(failure).toMatchObject({ code: 'check.failed', details: { status: 503 } });
    expect(failure?.message).toMatch(
      /did not come true in its time, \d tries. Last: .* answered 503 instead of 200/,
    );
  });

  test('says what it found when its condition did not come to hold', async () => {
    const stage = await stageForTest();
    const until = `{ within: 1s, every: 1s, if: output.mode == "Disabled" && size(output.name) > 0 }`;
    const runId = await stage.start(
      runbookOf(
        `steps: [{ id: plan, uses: vro.plan, with: { plan: ERP }, until: ${until}, onFailure: stop }]\n`,
      ),
    );
    const { failure } = stepOf(await stage.ended(runId), 'plan');
    expect(failure?.code).toBe('step.checkFailed');
    expect(failure?.message).toMatch(
      /This does not hold yet: .* \(output\.mode: "Enabled", output\.name: "ERP"\)$/,
    );
  });
});

describe('a retried read', () => {
  const CHECK = (retry: string): string =>
    runbookOf(`
inputs: { url: { type: string } }
steps:
  - { id: web, uses: http.check, with: { url: '\${{ inputs.url }}' }, retry: ${retry}, onFailure: continue }
`);

  test('is tried again after a pause', async () => {
    const stage = await stageForTest();
    const inputs = { url: `${stage.simulator.urls.app}/apps/ERP/health` };
    const view = await stage.ended(await stage.start(CHECK('{ attempts: 2, backoff: 1s }'), { inputs }));
    expect(stepOf(view, 'web')).toMatchObject({ outcome: 'failed', attempt: 2 });
    expect(tookMs(view, 'web')).toBeGreaterThanOrEqual(1_000);
  });

  test('succeeds once a try succeeds', async () => {
    const stage = await stageForTest();
    const inputs = { url: `${stage.simulator.urls.app}/apps/ERP/health` };
    const runId = await stage.start(CHECK('{ attempts: 100, backoff: 1s }'), { inputs });
    await stage.until(runId, (view) => stepOf(view, 'web').attempt > 1);
    stage.simulator.world.command('ERP', { action: 'Failover' });
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});
