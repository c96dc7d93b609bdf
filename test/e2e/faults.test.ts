import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import type { Fault } from '../../src/simulator/index.ts';
import { heldClock } from '../support/held-clock.ts';
import { decide, openStage, runbookOf, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { canary, FAILOVER, failovers, isWatching, READ_DETAILS, READ_PLAN } from './canary.ts';

const SLOW = { timeout: 120_000 };

async function stageOf({ onTestFinished }: TestContext, options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

/** Fails the canary over on a stage where this goes wrong, to the end of the run. */
async function runWith(stage: Stage, ...faults: readonly Fault[]): Promise<RunView> {
  for (const fault of faults) stage.simulator.faults.add(fault);
  return stage.ended(await stage.start(canary()));
}

const onFailover = { system: 'vro', call: FAILOVER } as const;

describe.concurrent('a failover whose answer is lost', SLOW, () => {
  const lost: readonly (readonly [string, Fault])[] = [
    ['is an error after the effect', { ...onFailover, kind: 'error', when: 'after' }],
    ['is a dropped connection after the effect', { ...onFailover, kind: 'drop', when: 'after' }],
  ];
  test.for(lost)('is adopted when it %s', async ([, fault], context) => {
    const stage = await stageOf(context);
    const view = await runWith(stage, fault);
    context.expect(view.outcome).toBe('succeeded');
    context.expect(stepOf(view, 'failover').command?.how).toBe('adopted');
    context.expect(failovers(stage)).toBe(1);
  });
});

describe.concurrent('a failover that goes through trouble', SLOW, () => {
  const troubles: readonly (readonly [string, Fault])[] = [
    [
      'an access token that expires in mid-poll',
      { kind: 'expireTokens', system: 'vro', call: READ_DETAILS, after: 3 },
    ],
    ['an access token that expires at the request itself', { ...onFailover, kind: 'expireTokens' }],
    ['an answer with a torn body', { ...onFailover, kind: 'tornBody' }],
    ['an answer that a proxy replaced', { ...onFailover, kind: 'notJson', when: 'after' }],
    [
      'a server that asks to slow down',
      { kind: 'throttle', system: 'vro', call: READ_DETAILS, after: 3, times: 3, retryAfter: 1 },
    ],
    [
      'a server that fails for a while',
      { kind: 'error', status: 503, system: 'vro', call: READ_DETAILS, after: 3, times: 5 },
    ],
    ['connections that break', { kind: 'drop', system: 'vro', call: READ_PLAN, after: 3, times: 4 }],
    ['a slow server', { kind: 'latency', system: 'vro', call: '*', ms: 300, times: 'always' }],
  ];
  test.for(troubles)('ends well once: %s', async ([, fault], context) => {
    const stage = await stageOf(context);
    const view = await runWith(stage, fault);
    context.expect(view.outcome).toBe('succeeded');
    context.expect(stage.simulator.faults.list()[0]?.struck).toBeGreaterThan(0);
    context.expect(failovers(stage)).toBe(1);
  });

  test.for([{ rewound: false }, { rewound: true }])('ends well once: a reboot, %o', async (how, context) => {
    const clock = heldClock();
    const stage = await stageOf(context, { clock });
    clock.hold();
    const runId = await stage.start(canary());
    await stage.until(runId, isWatching);
    stage.simulator.reboot(how);
    // Nothing but time tells a worker that goes on looking from one that has stopped: it has to look twice more.
    const look = { kind: 'latency', system: 'vro', call: READ_DETAILS, ms: 1, after: 2 } as const;
    await stage.simulator.faults.add(look).arrived;
    clock.release();
    const view = await stage.ended(runId);
    context.expect(stepOf(view, 'failover')).toMatchObject({
      outcome: 'succeeded',
      output: { state: 'FailoverComplete', startedAt: null },
    });
    context.expect(failovers(stage)).toBe(1);
  });
});

describe.concurrent('a failover that never took effect', SLOW, () => {
  const nothing: readonly (readonly [string, Fault])[] = [
    ['an error before the effect', { ...onFailover, kind: 'error', when: 'before' }],
    ['a dropped connection before the effect', { ...onFailover, kind: 'drop', when: 'before' }],
  ];
  test.for(nothing)('is sent again only when a person says so: %s', async ([, fault], context) => {
    const stage = await stageOf(context);
    stage.simulator.faults.add(fault);
    const runId = await stage.start(canary());
    const step = await stage.gate(runId, 'failover');
    context.expect(step).toMatchObject({
      failure: { code: 'effect.unclear', details: { seen: 'no trace of it' } },
    });
    context.expect(failovers(stage)).toBe(0);
    await decide(stage, runId, 'failover', 'retry');
    context.expect((await stage.ended(runId)).outcome).toBe('succeeded');
    context.expect(failovers(stage)).toBe(1);
  });

  test('and was adopted by mistake is found out, and can be sent then', async (context) => {
    const stage = await stageOf(context);
    stage.simulator.faults.add({ ...onFailover, kind: 'error', when: 'before' });
    const runId = await stage.start(canary());
    await decide(stage, runId, 'failover', 'adopt');
    const found = await stage.until(
      runId,
      ({ steps }) => steps.find(({ path }) => path === 'failover')?.failure?.code === 'vro.unknownState',
    );
    context.expect(stepOf(found, 'failover').command).toMatchObject({ how: 'adopted' });
    context.expect(failovers(stage)).toBe(0);
    await decide(stage, runId, 'failover', 'retry');
    context.expect((await stage.ended(runId)).outcome).toBe('succeeded');
    context.expect(failovers(stage)).toBe(1);
  });
});

describe.concurrent('a recovery token whose answer is lost', SLOW, () => {
  const ISSUE = 'POST /api/v1/agents/recoveryTokens';
  const RUNBOOK = runbookOf(`inputs:
  backupId: { type: string }
steps:
  - { id: issue, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.backupId }}"], validFor: 1h } }
  - { id: tokens, uses: vbr.listRecoveryTokens }
`);
  const lost: readonly (readonly [string, Fault])[] = [
    ['an error', { kind: 'error', system: 'vbr', call: ISSUE, when: 'after' }],
    ['a torn body', { kind: 'tornBody', system: 'vbr', call: ISSUE }],
  ];

  test.for(lost)('is adopted, kept, and seen by nobody: %s', async ([, fault], context) => {
    const { expect } = context;
    const stage = await stageOf(context, { worker: false });
    const { simulator, folder } = stage;
    await stage.spawnWorker();
    simulator.faults.add(fault);
    const inputs = { backupId: simulator.world.scenario.vbr.agentBackups[0]?.id };
    const runId = await stage.start(RUNBOOK, { inputs });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'issue').command?.how).toBe('adopted');

    const [token, ...others] = simulator.world.recoveryTokens.list();
    const secret = token?.recoveryToken ?? '';
    expect(others).toEqual([]);
    expect(stepOf(view, 'issue').output?.['id']).toBe(token?.id);

    const { secrets } = stage.muster.as('anna');
    expect(await secrets.list({ runId })).toHaveLength(1);
    expect(await secrets.reveal({ id: token?.id ?? '' })).toMatchObject({ value: secret, time: 1 });

    const history = await stage.client.workflow.getHandle(runId).fetchHistory();
    const seen = [
      JSON.stringify(view),
      textIn(history),
      await readFile(join(folder, 'logs', 'worker.log'), 'utf8'),
      JSON.stringify(simulator.journal),
    ];
    // The history holds what the run saw, so that this test would find the secret there.
    expect(seen[1]).toContain(token?.id);
    expect(seen.filter((text) => text.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
  });
});

/** All text in a history, payloads included. */
function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textIn).join('\n');
}
