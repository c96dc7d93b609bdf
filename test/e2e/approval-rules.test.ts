import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { TellGateInput } from '../../activities/contract.ts';
import type { RefusedVote } from '../../src/model/vote.ts';
import { executionsOf } from '../support/executions.ts';
import { heldClock } from '../support/held-clock.ts';
import { replayExecutions } from '../support/replay.ts';
import { approve, callsTo, decide, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const gated = (approval: string, more = ''): string =>
  runbookOf(`
steps:
  - { id: go, approval: { title: Go on?, ${approval} } }
  - { id: after, check: 'true' }
${more}`);

async function refusals({ muster }: Stage, runId: string): Promise<RefusedVote['refusal'][]> {
  const { timeline } = await muster.show(runId);
  return timeline.refused.latest.map(({ refusal }) => refusal);
}

/** What people were told about gates, in order. */
async function toldOf(stage: Stage, runId: string): Promise<TellGateInput[]> {
  const events = (await executionsOf(stage, runId)).flatMap((execution) => execution.events);
  return events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
    const [payload] = scheduled?.input?.payloads ?? [];
    if (scheduled?.activityType?.name !== 'muster.tellGate' || payload === undefined) return [];
    return [defaultPayloadConverter.fromPayload<TellGateInput>(payload)];
  });
}

describe('an approval by two rules', () => {
  test('needs two people, though one holds both roles', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      gated('rules: [{ role: operator, count: 1 }, { role: dr-manager, count: 1 }]'),
    );
    await approve(stage, runId, 'go', 'emil');
    const { gate } = await stage.gate(runId, 'go');
    expect(gate?.missing).toEqual(['1 more with role dr-manager']);
    await approve(stage, runId, 'go', 'anna');
    expect(stepOf(await stage.ended(runId), 'go').output).toEqual({ approvedBy: ['emil', 'anna'] });
  });
});

describe('a second approval', () => {
  test.each([{}, { continueAfter: 1 }])('is not given by whoever gave the first, %j', async (options) => {
    const stage = await stageForTest();
    const second = '{ rules: [{ role: dr-manager, count: 1 }], exclude: [previous-approver] }';
    const text = gated('rules: [{ role: dr-manager, count: 1 }]').replace(
      "- { id: after, check: 'true' }",
      `- { id: again, approval: ${second} }`,
    );
    const runId = await stage.start(text, options);
    await approve(stage, runId, 'go', 'boris');
    await expect(approve(stage, runId, 'again', 'boris')).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['excluded']);
    await approve(stage, runId, 'again', 'carla');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(await replayExecutions(await executionsOf(stage, runId))).toEqual({});
  });
});

describe('an answer that is taken back', () => {
  test('leaves the place to somebody else, and stays in the record', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated('rules: [{ role: dr-manager, count: 2 }]'));
    await approve(stage, runId, 'go', 'boris');
    await stage.muster.vote({
      runId,
      gate: 'go',
      decision: 'withdraw',
      comment: 'not sure',
      person: 'boris',
    });
    await approve(stage, runId, 'go', 'carla', 'emil');
    const go = stepOf(await stage.ended(runId), 'go');
    expect(go.output).toEqual({ approvedBy: ['carla', 'emil'] });
    expect(go.gate?.withdrawn).toMatchObject([{ person: 'boris', decision: 'approve', reason: 'not sure' }]);
  });

  test('is refused from somebody who has given none', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated('rules: [{ role: dr-manager, count: 2 }]'));
    await approve(stage, runId, 'go', 'boris');
    const back = { runId, gate: 'go', decision: 'withdraw', person: 'carla' } as const;
    await expect(stage.muster.vote(back)).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['notGiven']);
  });
});

describe('what an approval covers', () => {
  const FAILOVER = runbookOf(`
steps:
  - { id: go, approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
`);

  test('has changed when the plan has other machines: the votes are void, and people are asked again', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    const before = await stage.gate(runId, 'go');
    const { spec } = stage.simulator.world.plan('ERP');
    const [group, ...groups] = spec.groups;
    if (group === undefined) throw new Error('ERP has no group');
    const [, ...vms] = group.vms;
    stage.simulator.world.addPlan({ ...spec, groups: [{ ...group, vms }, ...groups] });
    await approve(stage, runId, 'go', 'boris');
    const view = await stage.until(runId, (now) => stepOf(now, 'go').gate?.voided !== undefined);
    const { state, gate } = stepOf(view, 'go');
    expect([state, gate?.votes, gate?.voided?.[0]?.votes[0]?.person]).toEqual(['waiting', [], 'boris']);
    expect(gate?.voided?.[0]?.reasons).toEqual([
      `The plan of failover has not any more: ${group.vms[0]?.id ?? ''}.`,
    ]);
    expect(gate?.nonce).not.toBe(before.gate?.nonce);
    await approve(stage, runId, 'go', 'boris');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect((await toldOf(stage, runId)).map(({ event }) => event)).toEqual(['opened', 'voided', 'closed']);
    expect(await replayExecutions(await executionsOf(stage, runId))).toEqual({});
  });

  test('has changed when the plan was halted meanwhile', async () => {
    const stage = await stageForTest();
    const { world } = stage.simulator;
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    await stage.gate(runId, 'go');
    world.command('ERP', { action: 'Failover' });
    world.command('ERP', { action: 'Halt' });
    const stateOf = () => world.report().plans.find(({ name }) => name === 'ERP')?.state;
    await expect.poll(stateOf, { timeout: 60_000 }).toBe('Halted');
    await approve(stage, runId, 'go', 'boris');
    const view = await stage.until(runId, (now) => stepOf(now, 'go').gate?.voided !== undefined);
    expect(stepOf(view, 'go').gate?.voided?.[0]?.reasons).toEqual([
      'The plan of failover was default, and is halted now.',
    ]);
  });

  test('has not changed because VRO checks the plan', async () => {
    const clock = heldClock();
    const stage = await stageForTest({ clock });
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    await stage.gate(runId, 'go');
    // It goes on for as long as the time of the servers stands still.
    clock.hold();
    stage.simulator.world.command('ERP', { action: 'ReadinessCheck' });
    await approve(stage, runId, 'go', 'boris');
    const view = await stage.until(runId, (now) => stepOf(now, 'go').state === 'ended');
    const { outcome, gate } = stepOf(view, 'go');
    expect([outcome, gate?.voided]).toEqual(['succeeded', undefined]);
  });
});

describe('a decision that takes two', () => {
  const DECIDED = 'decisions: { skip: { role: operator, count: 2 }, continue: { role: operator, count: 2 } }';

  test('is taken by two operators who say the same', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(runbookOf(`steps: [{ id: bad, check: 'false' }]\n${DECIDED}\n`));
    await decide(stage, runId, 'bad', 'skip', { person: 'anna' });
    const { gate } = await stage.gate(runId, 'bad');
    expect(gate?.missing).toEqual(['skip: 1 more with role operator']);
    await decide(stage, runId, 'bad', 'skip', { person: 'emil', comment: 'me too' });
    const { outcome, reason } = stepOf(await stage.ended(runId), 'bad');
    expect([outcome, reason]).toEqual(['skipped', 'skipped, anna and emil: for the test; me too']);
  });

  test('is not taken by one who says it twice', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(runbookOf(`steps: [{ id: bad, check: 'false' }]\n${DECIDED}\n`));
    await decide(stage, runId, 'bad', 'skip');
    await expect(decide(stage, runId, 'bad', 'skip')).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['duplicate']);
  });

  test('lets a plan go on with the votes of both, which the fence proves', async () => {
    const stage = await stageForTest();
    const fault = { kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', critical: true } as const;
    stage.simulator.faults.add({ ...fault, step: 'Process replica VM' });
    const text = runbookOf(`
steps:
  - { id: go, approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
${DECIDED}
`);
    const runId = await stage.start(text, { mode: 'live' });
    await approve(stage, runId, 'go', 'boris');
    const again = { option: 'RetryFailedStep' } as const;
    await decide(stage, runId, 'failover', 'continue', { ...again, person: 'anna' });
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/Failover']);
    await decide(stage, runId, 'failover', 'continue', { ...again, person: 'emil' });
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/Failover', 'POST /Plans/{planId}/Continue']);
  });
});

describe('a gate that nobody answers', () => {
  test('tells more people, reminds them, and says when it has closed', async () => {
    const stage = await stageForTest();
    const rules = 'rules: [{ role: dr-manager, count: 1 }], timeout: 2s, onTimeout: reject';
    const runId = await stage.start(gated(`${rules}, escalate: [{ after: 1s, to: operator }]`));
    await stage.ended(runId);
    const told = await toldOf(stage, runId);
    expect(told.map(({ event, to }) => [event, to].join(' ').trim())).toEqual([
      'opened',
      'escalated operator',
      'reminder',
      'closed',
    ]);
  });

  test('lets nobody answer who was told and may not', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      gated('rules: [{ role: dr-manager, count: 1 }], escalate: [{ after: 1s, to: app-owner }]'),
    );
    await stage.until(runId, (view) => stepOf(view, 'go').gate?.told === 1);
    await expect(approve(stage, runId, 'go', 'dieter')).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['noRole']);
  });
});
