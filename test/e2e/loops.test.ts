import { describe, expect, test } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import {
  approve,
  callsTo,
  decide,
  outcomesOf,
  runbookOf,
  stageForTest,
  stepOf,
  type Stage,
} from '../support/stage.ts';

const SLOW = { timeout: 120_000 };
const FAILOVER = 'POST /Plans/{planId}/Failover';

interface Loop {
  /** What stands beside `items`, `as` and `key`. */
  readonly how?: string;
  readonly steps: string;
  readonly more?: string;
}

/** A runbook with a loop `apps` over `inputs.apps`, whose items have a name and whether they are fine. */
const loopOf = ({ how = '', steps, more = '' }: Loop): string =>
  runbookOf(`
inputs:
  apps: { type: list, of: { name: string, ok: boolean } }
  url: { type: string, default: 'http://127.0.0.1' }
steps:
  - id: apps
    forEach: { items: '\${{ inputs.apps }}', as: app, key: '\${{ app.name }}'${how} }
    steps:
${steps}${more}
`);

const CHECKED = "      - { id: fine, title: 'Is ${{ app.name }} fine?', check: app.ok }\n";
const HEALTH =
  "      - { id: web, uses: http.check, with: { url: '${{ inputs.url }}/apps/${{ app.name }}/health' } }\n";

const app = (name: string, ok = true): { name: string; ok: boolean } => ({ name, ok });

async function started(
  loop: Loop,
  apps: readonly { name: string }[],
  options: Parameters<Stage['start']>[1] = {},
): Promise<{ stage: Stage; runId: string }> {
  const stage = await stageForTest();
  const inputs = { apps, url: stage.simulator.urls.app };
  return { stage, runId: await stage.start(loopOf(loop), { ...options, inputs }) };
}

async function ran(loop: Loop, apps: readonly { name: string }[]): Promise<RunView> {
  const { stage, runId } = await started(loop, apps);
  return stage.ended(runId);
}

describe('a loop', () => {
  test('does its steps for each item, in a path of the item', async () => {
    const view = await ran({ steps: CHECKED }, [app('erp'), app('a/b c')]);
    expect(outcomesOf(view)).toEqual({
      apps: 'succeeded',
      'apps/erp': 'succeeded',
      'apps/erp/fine': 'succeeded',
      'apps/a%2Fb%20c': 'succeeded',
      'apps/a%2Fb%20c/fine': 'succeeded',
    });
    expect(stepOf(view, 'apps/a%2Fb%20c/fine').title).toBe('Is a/b c fine?');
  });

  test('of no items succeeds', async () => {
    const view = await ran({ steps: CHECKED }, []);
    expect(stepOf(view, 'apps')).toMatchObject({ outcome: 'succeeded', output: { total: 0 } });
  });

  test('knows the steps of the same item inside, and all by their keys behind it', async () => {
    const steps =
      "      - { id: plan, uses: vro.plan, with: { plan: '${{ app.name }}' } }\n" +
      '      - { id: same, check: steps.plan.output.name == app.name }\n';
    const more = `  - id: behind
    check: >-
      steps.apps.items["CRM"].outcome == "succeeded" && steps.apps.output.total == 2
      && steps.apps.items["CRM"].output.plan.name == "CRM"
      && steps.apps.items.all(key, steps.apps.items[key].output.plan.name == key)
`;
    const view = await ran({ steps, more }, [app('ERP'), app('CRM')]);
    expect([view.outcome, stepOf(view, 'behind').outcome]).toEqual(['succeeded', 'succeeded']);
  });

  test('takes one item after the other unless it says otherwise', async () => {
    const view = await ran({ steps: '      - { id: rest, wait: 1s }\n' }, [app('a'), app('b')]);
    const { endedAt = Infinity } = stepOf(view, 'apps/a');
    expect(stepOf(view, 'apps/b').startedAt).toBeGreaterThanOrEqual(endedAt);
  });

  test('takes as many items at a time as it says', async () => {
    const { stage, runId } = await started(
      { how: ', maxConcurrency: 2', steps: '      - { id: rest, wait: 1d }\n' },
      ['a', 'b', 'c'].map((name) => app(name)),
    );
    const view = await stage.until(runId, (now) => stepOf(now, 'apps/b/rest').state === 'running');
    expect(['a', 'b', 'c'].map((name) => stepOf(view, `apps/${name}`).state)).toEqual([
      'running',
      'running',
      'pending',
    ]);
  });

  test('asks when two items have the same key, before anything is done', async () => {
    const { stage, runId } = await started({ steps: CHECKED }, [app('erp'), app('erp')]);
    const { failure } = await stage.gate(runId, 'apps');
    expect(failure).toMatchObject({
      code: 'step.badInput',
      message: 'Two items have the key "erp"; keys are unique in a loop. Nothing of the loop was done.',
    });
  });

  test('ends with the run when that is cancelled', async () => {
    const { stage, runId } = await started(
      { steps: '      - { id: rest, wait: 1d }\n' },
      ['a', 'b'].map((name) => app(name)),
    );
    await stage.until(runId, (view) => stepOf(view, 'apps/a/rest').state === 'running');
    await stage.muster.cancel({ runId, person: 'anna', reason: 'enough' });
    expect(outcomesOf(await stage.ended(runId))).toEqual({
      apps: 'cancelled',
      'apps/a': 'cancelled',
      'apps/a/rest': 'cancelled',
      'apps/b': 'skipped',
      'apps/b/rest': 'skipped',
    });
  });
});

describe('an item that fails', () => {
  test('asks by itself while others go on', async () => {
    const { stage, runId } = await started({ how: ', maxConcurrency: 2', steps: CHECKED }, [
      app('bad', false),
      app('good'),
      app('better'),
    ]);
    await stage.gate(runId, 'apps/bad/fine');
    await stage.until(runId, (view) => stepOf(view, 'apps/better').outcome === 'succeeded');
    await decide(stage, runId, 'apps/bad/fine', 'skip');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'apps').outcome]).toEqual(['warned', 'succeeded']);
  });
});

describe('a loop that collects failures', () => {
  const COLLECT = ', maxConcurrency: 2, failures: collect';
  const AFTER = '      - { id: last, check: 1 < 2 }\n';
  const MORE = '  - { id: behind, check: 1 < 2 }\n';
  const APPS = [app('ERP'), app('always'), app('CRM')];

  /** Two of three do not answer. */
  async function collected(): Promise<{ stage: Stage; runId: string }> {
    const at = await started({ how: COLLECT, steps: HEALTH + AFTER, more: MORE }, APPS);
    await at.stage.gate(at.runId, 'apps');
    return at;
  }

  test('asks once, when all have been tried', async () => {
    const { stage, runId } = await collected();
    const view = await stage.muster.show(runId);
    const { failure, gate } = stepOf(view, 'apps');
    expect(failure).toMatchObject({
      code: 'step.itemsFailed',
      message: '1 ok, 2 failed: ERP, CRM. Retry those, skip those, or abort.',
      details: { ok: 1, failed: 2, items: [{ key: 'ERP', step: 'apps/ERP/web', code: 'check.failed' }, {}] },
    });
    expect(gate?.offers.map(({ decision }) => decision)).toEqual(['retry', 'skip', 'abort']);
    expect(outcomesOf(view)).toMatchObject({
      apps: undefined,
      'apps/ERP': 'failed',
      'apps/ERP/web': 'failed',
      'apps/ERP/last': 'skipped',
      'apps/always': 'succeeded',
    });
  });

  test('tries those again that failed, and only those', async () => {
    const { stage, runId } = await collected();
    for (const plan of ['ERP', 'CRM']) {
      stage.simulator.world.command(plan, { action: 'Failover' });
      await stage.simulator.settled(plan);
    }
    await decide(stage, runId, 'apps', 'retry');
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(['ERP', 'always', 'CRM'].map((name) => stepOf(view, `apps/${name}/web`).attempt)).toEqual([
      2, 1, 2,
    ]);
    expect(stepOf(view, 'apps')).toMatchObject({ output: { total: 3, succeeded: 3, failed: 0 } });
  });

  test('asks again about those that fail again', async () => {
    const { stage, runId } = await collected();
    stage.simulator.world.command('ERP', { action: 'Failover' });
    await stage.simulator.settled('ERP');
    await decide(stage, runId, 'apps', 'retry');
    const again = await stage.until(runId, (view) => {
      const { state, decisions } = stepOf(view, 'apps');
      return state === 'waiting' && decisions?.length === 1;
    });
    expect(stepOf(again, 'apps').failure?.message).toMatch(/^2 ok, 1 failed: CRM\./);
  });

  test('leaves those out that failed', async () => {
    const { stage, runId } = await collected();
    await decide(stage, runId, 'apps', 'skip', { comment: 'tomorrow' });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('warned');
    expect(stepOf(view, 'apps')).toMatchObject({
      outcome: 'warned',
      reason: 'left out, anna: tomorrow',
      output: { total: 3, succeeded: 1, failed: 2 },
    });
    expect(stepOf(view, 'behind').outcome).toBe('succeeded');
  });

  test('ends the run', async () => {
    const { stage, runId } = await collected();
    await decide(stage, runId, 'apps', 'abort');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'behind').outcome]).toEqual(['failed', 'skipped']);
  });

  test('goes on, warned, when its policy says so', async () => {
    const runbook = loopOf({ how: COLLECT, steps: CHECKED, more: MORE }).replace(
      '  - id: apps\n',
      '  - id: apps\n    onFailure: continue\n',
    );
    const stage = await stageForTest();
    const runId = await stage.start(runbook, { inputs: { apps: [app('a', false), app('b')] } });
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'apps').outcome, stepOf(view, 'behind').outcome]).toEqual([
      'warned',
      'failed',
      'succeeded',
    ]);
  });

  test('collects what checks of plans found, and checks again', SLOW, async () => {
    const stage = await stageForTest();
    stage.simulator.faults.add({
      kind: 'failStep',
      plan: 'CRM',
      vm: 'crm-app-01',
      critical: false,
      during: 'check',
    });
    const steps = "      - { id: ready, uses: vro.readinessCheck, with: { plan: '${{ app.name }}' } }\n";
    const runId = await stage.start(loopOf({ how: COLLECT, steps }), {
      inputs: { apps: [app('CRM'), app('ERP')] },
    });
    const { failure } = await stage.gate(runId, 'apps');
    expect(failure?.message).toMatch(/^1 ok, 1 failed: CRM\./);
    await decide(stage, runId, 'apps', 'retry');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(callsTo(stage)).toHaveLength(3);
  });

  test('lets a command whose effect is unclear ask by itself', async () => {
    const stage = await stageForTest();
    const call = 'POST /api/v1/agents/recoveryTokens';
    stage.simulator.faults.add({ kind: 'error', system: 'vbr', call, status: 500, when: 'before' });
    const backup = stage.simulator.world.scenario.vbr.agentBackups[0]?.id;
    const steps =
      '      - { id: issue, uses: vbr.issueRecoveryToken, with: { backupIds: ["${{ app.name }}"], validFor: 1h } }\n';
    const runId = await stage.start(loopOf({ how: COLLECT, steps }), {
      inputs: { apps: [{ name: backup, ok: true }] },
    });
    const { failure } = await stage.gate(runId, `apps/${backup ?? ''}/issue`);
    expect(failure?.code).toBe('effect.unclear');
  });
});

describe('commands in a loop', () => {
  const FAILING_OVER = loopOf({
    steps: "      - { id: failover, uses: vro.failover, with: { plan: '${{ app.name }}' } }\n",
  }).replace(
    'steps:\n  - id: apps',
    'steps:\n  - { id: go, approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }\n  - id: apps',
  );

  test('are covered, each with its values, by one approval', SLOW, async () => {
    const stage = await stageForTest();
    const runId = await stage.start(FAILING_OVER, {
      mode: 'live',
      inputs: { apps: [app('ERP'), app('CRM')] },
    });
    const { gate } = await stage.gate(runId, 'go');
    expect(gate?.covered.map(({ path, with: given }) => [path, given])).toEqual([
      ['apps/ERP/failover', { plan: 'ERP' }],
      ['apps/CRM/failover', { plan: 'CRM' }],
    ]);
    await approve(stage, runId, 'go', 'boris');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual([FAILOVER, FAILOVER]);
  });

  test('are asked about item by item when the approval stands in the loop', SLOW, async () => {
    const stage = await stageForTest();
    const steps =
      '      - { id: go, approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }\n' +
      "      - { id: failover, uses: vro.failover, with: { plan: '${{ app.name }}' } }\n";
    const runId = await stage.start(loopOf({ how: ', maxConcurrency: 2', steps }), {
      mode: 'live',
      inputs: { apps: [app('ERP'), app('CRM')] },
    });
    await approve(stage, runId, 'apps/CRM/go', 'boris');
    await stage.until(runId, (view) => stepOf(view, 'apps/CRM').outcome === 'succeeded');
    expect(callsTo(stage)).toEqual([FAILOVER]);
    await stage.muster.vote({
      runId,
      gate: 'apps/ERP/go',
      decision: 'reject',
      person: 'boris',
      comment: 'no',
    });
    expect((await stage.ended(runId)).outcome).toBe('rejected');
    expect(callsTo(stage)).toEqual([FAILOVER]);
  });

  test('are not allowed in a drill on a plan that is not listed', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      loopOf({
        steps: "      - { id: failover, uses: vro.failover, with: { plan: '${{ app.name }}' } }\n",
        more: 'cleanup:\n  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }\n',
      }),
      { inputs: { apps: [app('ERP')] } },
    );
    const { failure } = await stage.gate(runId, 'apps/ERP/failover');
    expect([failure?.code, callsTo(stage)]).toEqual(['fence.notAllowed', []]);
  });
});
