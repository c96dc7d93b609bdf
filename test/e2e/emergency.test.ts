import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { TellGateInput } from '../../activities/contract.ts';
import { codeOfGate, newVoteId } from '../../src/identity/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { channelServer } from '../support/channel-server.ts';
import { executionsOf } from '../support/executions.ts';
import { replayExecutions } from '../support/replay.ts';
import { approve, callsTo, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';

const FAILOVER = runbookOf(`
steps:
  - id: go
    approval:
      title: Fail over?
      covers: [failover]
      rules: [{ role: dr-manager, count: 2 }]
      exclude: [starter]
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
`);
const LIVE = { mode: 'live' } as const;

/** The configuration that ships, with what it says about emergencies. */
async function configWith(lines: string): Promise<string> {
  return `${await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8')}\n${lines}\n`;
}

const stageWith = async (lines: string): Promise<Stage> => stageForTest({ config: await configWith(lines) });

/** What an approver reads out: no operation of an operator shows it. */
async function codeAt(stage: Stage, runId: string, path = 'go'): Promise<string> {
  const card = await stage.muster.as('boris').card({ runId, gate: path });
  return card.spokenCode ?? 'none';
}

async function refusals({ muster }: Stage, runId: string): Promise<string[]> {
  const { latest } = await muster.as('anna').refusals(runId);
  return latest.map(({ refusal }) => refusal);
}

describe('a spoken vote', () => {
  test('counts when two witnesses have entered it, and lets the command through', async () => {
    const stage = await stageWith('emergency: { spoken: [test] }');
    const runId = await stage.start(FAILOVER, LIVE);
    await stage.gate(runId, 'go');
    const said = {
      runId,
      gate: 'go',
      approver: 'boris',
      code: await codeAt(stage, runId),
      decision: 'approve',
    } as const;
    const first = await stage.muster.spoken({ ...said, person: 'anna' });
    const second = await stage.muster.spoken({ ...said, person: 'emil' });
    expect([first.state, second.state]).toEqual(['waitsForWitness', 'counted']);
    await approve(stage, runId, 'go', 'carla');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'go').reason]).toEqual([
      'succeeded',
      'approved by boris (spoken, heard by anna and emil) and carla',
    ]);
    expect(callsTo(stage).filter((call) => call.includes('Failover'))).toHaveLength(1);
    const executions = await executionsOf(stage, runId);
    const told = executions.flatMap(({ events }) => events.flatMap(closedReasons));
    expect(told).toEqual(['boris (spoken, heard by anna and emil): approve']);
    expect(await replayExecutions(executions)).toEqual({});
  });

  test('is not believed with our signature alone', async () => {
    const stage = await stageWith('emergency: { spoken: [test] }');
    const runId = await stage.start(FAILOVER, LIVE);
    const record = await stage.gate(runId, 'go');
    const forged = await approvalOf(stage, runId, record, {
      id: newVoteId(),
      assurance: 'spoken',
      heardBy: ['anna', 'emil'],
    });
    await flood(stage, runId, [{ jws: await signed(stage, forged) }]);
    const view = await stage.until(runId, ({ timeline }) => timeline.refused.total > 0);
    expect(view.timeline.refused.latest.map(({ refusal }) => refusal)).toEqual(['notHeard']);
  });

  test('is refused where the configuration does not list the runbook', async () => {
    const stage = await stageWith("emergency: { spoken: ['erp-*'] }");
    const runId = await stage.start(FAILOVER, LIVE);
    const { gate } = await stage.gate(runId, 'go');
    const kept = await stage.data.stores.gates.find(gate?.nonce ?? '');
    const said = { runId, gate: 'go', approver: 'boris', decision: 'approve', person: 'anna' } as const;
    const code = kept === undefined ? undefined : codeOfGate(kept);
    const entered = stage.muster.spoken({ ...said, code: code ?? '' });
    await expect(entered).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['spokenNotAllowed']);
  });

  test('with the code of an earlier opening is refused', async () => {
    const stage = await stageWith('emergency: { spoken: [test] }');
    const runId = await stage.start(FAILOVER, LIVE);
    await stage.gate(runId, 'go');
    const code = await codeAt(stage, runId);
    const { spec } = stage.simulator.world.plan('ERP');
    const [group, ...groups] = spec.groups;
    if (group === undefined) throw new Error('ERP has no group');
    stage.simulator.world.addPlan({ ...spec, groups: [{ ...group, vms: group.vms.slice(1) }, ...groups] });
    await approve(stage, runId, 'go', 'boris', 'carla');
    await stage.until(runId, (view) => stepOf(view, 'go').gate?.voided !== undefined);
    const said = { runId, gate: 'go', approver: 'boris', code, decision: 'approve', person: 'anna' } as const;
    await expect(stage.muster.spoken(said)).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['wrongCode']);
  });
});

describe('a break-glass approval', () => {
  test('by whoever has started the run is enough, and loud', async () => {
    const [ops, boss] = [await channelServer(), await channelServer()];
    const channel = (url: string): string => `{ kind: webhook, url: '${url}', secret: { env: PATH } }`;
    const stage = await stageWith(`emergency: { breakGlass: ['te*'] }
channels: { ops: ${channel(ops.url)}, boss: ${channel(boss.url)} }
notifications: { gates: [ops], roles: { cio: [boss] } }`);
    const runId = await stage.start(FAILOVER, LIVE);
    await stage.gate(runId, 'go');
    await stage.muster.breakGlass({ runId, gate: 'go', reason: 'nobody answers', person: 'anna' });
    const view = await stage.ended(runId);
    const go = stepOf(view, 'go');
    expect([view.outcome, go.outcome, go.reason]).toEqual([
      'warned',
      'warned',
      'BREAK-GLASS: approved by anna alone, who also STARTED the run, not by the rules of this approval: nobody answers',
    ]);
    expect(go.deviation).toMatchObject({ how: 'break-glass', by: 'anna', isStarter: true });
    expect(callsTo(stage).filter((call) => call.includes('Failover'))).toHaveLength(1);
    await expect
      .poll(() => [ops, boss].map(eventsOf))
      .toEqual([expect.arrayContaining(['gate.opened', 'gate.breakGlass']), ['gate.breakGlass']]);
    expect(await replayExecutions(await executionsOf(stage, runId))).toEqual({});
  });

  test('is refused where the configuration does not list the runbook, also when it is signed', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(FAILOVER, LIVE);
    const record = await stage.gate(runId, 'go');
    const alone = { runId, gate: 'go', reason: 'nobody answers', person: 'anna' };
    await expect(stage.muster.breakGlass(alone)).rejects.toMatchObject({ code: 'vote.refused' });
    const forged = await approvalOf(stage, runId, record, {
      person: 'anna',
      comment: 'x',
      deviation: 'break-glass',
    });
    await flood(stage, runId, [{ jws: await signed(stage, forged) }]);
    const view = await stage.until(runId, ({ timeline }) => timeline.refused.total > 0);
    expect(view.timeline.refused.latest.map(({ refusal }) => refusal)).toEqual(['breakGlassNotAllowed']);
  });
});

/** What was told with the news that a gate has closed. */
function closedReasons({
  activityTaskScheduledEventAttributes: scheduled,
}: Awaited<ReturnType<typeof executionsOf>>[number]['events'][number]): readonly string[] {
  const [payload] = scheduled?.input?.payloads ?? [];
  if (scheduled?.activityType?.name !== 'muster.tellGate' || payload === undefined) return [];
  const { event, reasons = [] } = defaultPayloadConverter.fromPayload<TellGateInput>(payload);
  return event === 'closed' ? reasons : [];
}

function eventsOf({ posts }: Awaited<ReturnType<typeof channelServer>>): unknown[] {
  return posts.map(({ body }) => (JSON.parse(body) as { event: unknown }).event);
}
