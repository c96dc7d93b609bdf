import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newVoteId } from '../../src/identity/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { executionsOf, handoverOf, handoverSizes } from '../support/executions.ts';
import { openStage, outcomesOf, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';

/** Temporal ends a run whose next input passes 2 MB; muster promises to stay far below. */
const MAX_HANDOVER_BYTES = 256 * 1_024;

/** Every place where a run can be when it continues: waits, branches, gates, watches, decisions, cleanup. */
const EVERYTHING = `
apiVersion: muster/v1
name: everything
title: A bit of everything
connections: { vro: dr-site, vbr: dr-backup }
inputs: { app: { type: string } }
steps:
  - { id: rest, wait: 1s }
  - id: both
    parallel:
      - id: people
        steps:
          - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 2 }], exclude: [starter] } }
          - { id: alive, uses: http.check, with: { url: '\${{ inputs.app }}/apps/always/health', expectStatus: 200 } }
      - id: machines
        steps:
          - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
          - id: web
            uses: http.check
            with: { url: '\${{ inputs.app }}/apps/ERP-CANARY/health', expectStatus: 200 }
            until: { within: 10m, every: 1s }
  - { id: tokens, uses: vbr.listRecoveryTokens }
  - { id: broken, check: 'steps.tokens.output.total == 0' }
  - { id: kept, check: 'steps.tokens.output.total == 30 && steps.alive.output.status == 200' }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
always:
  - { id: last, check: 'run.outcome == "warned"' }
`;

/** Outputs that are small, each of them, and together more than a payload takes: half of them are there when it continues. */
const MANY_READS = `
apiVersion: muster/v1
name: many-reads
title: Many reads
connections: { vbr: dr-backup }
steps:
${Array.from({ length: 290 }, (_none, no) => `  - { id: s${no}, uses: vbr.listRecoveryTokens }`).join('\n')}
  - { id: known, check: 'steps.s0.output.total == 8 && steps.s289.output.total == 8' }
`;

const GATE_OF_20 = `
apiVersion: muster/v1
name: gate-of-20
title: A gate that twenty open
steps:
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 20 }], timeout: 1h } }
  - { id: behind, check: 'true' }
`;

/** Twenty people who may open the gate. */
const CROWD = Array.from({ length: 20 }, (_none, no) => `voter-${no}`);

async function stageFor(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

async function stageWithCrowd(): Promise<Stage> {
  const shipped = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  const people = CROWD.map((id) => `  ${id}: { name: ${id}, roles: [dr-manager] }\n`).join('');
  return stageFor({ config: shipped.replace('people:\n', `people:\n${people}`) });
}

/** Issues so many tokens that the list of them is larger than what a snapshot carries. */
function issueTokens({ simulator }: Stage, count = 30): void {
  const { recoveryTokens, scenario } = simulator.world;
  const backupIds = scenario.vbr.agentBackups.slice(0, 1).map(({ id }) => id);
  for (let no = 0; no < count; no += 1) {
    recoveryTokens.issue({ backupIds, expirationDate: '2099-01-01T00:00:00Z' });
  }
}

/** Runs EVERYTHING to its end and answers what a run must have done, however often it continued. */
async function runEverything(stage: Stage, continueAfter?: number) {
  issueTokens(stage);
  const runId = await stage.start(EVERYTHING, {
    inputs: { app: stage.simulator.urls.app },
    ...(continueAfter !== undefined && { continueAfter }),
  });
  await stage.gate(runId, 'both/people/go');
  for (const person of ['boris', 'carla']) {
    await stage.muster.vote({ runId, gate: 'both/people/go', decision: 'approve', person });
  }
  await stage.gate(runId, 'broken');
  await stage.muster.vote({
    runId,
    gate: 'broken',
    decision: 'skip',
    person: 'anna',
    comment: 'as expected',
  });
  return { runId, view: await stage.ended(runId) };
}

describe('a run that continues as new', () => {
  // Side by side: Temporal makes each execution last a second at least, and most of that is waiting.
  test.concurrent.for([undefined, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'after %s steps and votes does everything once',
    { timeout: 120_000 },
    async (continueAfter, { onTestFinished: atEnd }) => {
      const stage = await openStage();
      atEnd(() => stage.close());
      const { runId, view } = await runEverything(stage, continueAfter);
      expect(outcomesOf(view)).toEqual({
        rest: 'succeeded',
        both: 'succeeded',
        'both/people': 'succeeded',
        'both/people/go': 'succeeded',
        'both/people/alive': 'succeeded',
        'both/machines': 'succeeded',
        'both/machines/failover': 'succeeded',
        'both/machines/web': 'succeeded',
        tokens: 'succeeded',
        broken: 'skipped',
        kept: 'succeeded',
        'cleanup/undo': 'succeeded',
        'cleanup/reset': 'succeeded',
        'cleanup/enable': 'succeeded',
        'cleanup/muster.restored': 'succeeded',
        'always/last': 'succeeded',
      });
      expect(stage.simulator.journal.map(({ call }) => call.replace(/.*\//, ''))).toEqual([
        'Failover',
        'Undo',
        'ResetState',
        'Enable',
      ]);
      const executions = await executionsOf(stage, runId);
      expect(executions.length).toBe(view.timeline.continuations + 1);
      expect(executions.length > 1).toBe(continueAfter !== undefined);
      expect(Math.max(0, ...handoverSizes(executions))).toBeLessThan(MAX_HANDOVER_BYTES);
    },
  );

  test(
    'carries large outputs by their digest and has them whole afterwards',
    { timeout: 120_000 },
    async () => {
      const stage = await stageFor();
      const { runId, view } = await runEverything(stage, 1);
      const { output, outputDigest } = stepOf(view, 'tokens');
      expect(output).toMatchObject({
        total: 30,
        tokens: expect.arrayContaining([expect.anything()]) as unknown,
      });
      const last = (await executionsOf(stage, runId)).flatMap((one) => handoverOf(one) ?? []).at(-1);
      expect(last).toContain(outputDigest);
      expect(last).not.toContain('expires');
    },
  );

  test('carries many outputs by the digests of documents', { timeout: 120_000 }, async () => {
    const stage = await stageFor();
    issueTokens(stage, 8);
    const runId = await stage.start(MANY_READS, { continueAfter: 150 });
    await stage.muster.result(runId);
    const view = await stage.muster.show(runId);
    expect([view.outcome, view.timeline.continuations]).toEqual(['succeeded', 1]);
    expect(stepOf(view, 's0').output).toMatchObject({ total: 8 });
    const executions = await executionsOf(stage, runId);
    expect(Math.max(...handoverSizes(executions))).toBeLessThan(MAX_HANDOVER_BYTES);
  });

  test('keeps an open gate as it is: nonce, votes and deadline', async () => {
    const stage = await stageWithCrowd();
    const runId = await stage.start(GATE_OF_20, { continueAfter: 1 });
    const before = await stage.gate(runId, 'go');
    for (const person of CROWD.slice(0, 3)) {
      await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person });
    }
    const view = await stage.until(runId, ({ timeline }) => timeline.continuations >= 3);
    const { gate, dueAt } = stepOf(view, 'go');
    expect({ nonce: gate?.nonce, digest: gate?.digest, openedAt: gate?.openedAt, dueAt }).toEqual({
      nonce: before.gate?.nonce,
      digest: before.gate?.digest,
      openedAt: before.gate?.openedAt,
      dueAt: before.dueAt,
    });
    expect(gate?.votes.map(({ person }) => person)).toEqual(CROWD.slice(0, 3));
  });
});

describe('votes around the border', () => {
  test('all count, whenever they arrive', { timeout: 120_000 }, async () => {
    const stage = await stageWithCrowd();
    const runId = await stage.start(GATE_OF_20, { continueAfter: 1 });
    const record = await stage.gate(runId, 'go');
    const votes = await Promise.all(
      CROWD.flatMap((person) => [
        // Before each good one two that are refused: none may be lost, none counted twice. The last one ends the run.
        approvalOf(stage, runId, record, { person, nonce: 'guessed' }),
        approvalOf(stage, runId, record, { person: 'dieter' }),
        approvalOf(stage, runId, record, { person }),
      ]),
    );
    const messages = await Promise.all(votes.map(async (claims) => ({ jws: await signed(stage, claims) })));
    // One after the other, as fast as they are taken: each makes the run continue.
    for (const message of messages) await flood(stage, runId, [message]);
    const view = await stage.ended(runId);
    expect(
      stepOf(view, 'go')
        .gate?.votes.map(({ person }) => person)
        .sort(),
    ).toEqual([...CROWD].sort());
    expect(view.timeline.refused.total).toBe(messages.length - CROWD.length);
    expect(view.timeline.continuations).toBeGreaterThan(1);
  });

  test('are carried over by the thousand without a large handover', { timeout: 180_000 }, async () => {
    const stage = await stageWithCrowd();
    const runId = await stage.start(GATE_OF_20, { continueAfter: 1 });
    const record = await stage.gate(runId, 'go');
    const claims = await approvalOf(stage, runId, record, { nonce: 'guessed', comment: 'c'.repeat(900) });
    const bad = await Promise.all(
      Array.from({ length: 1_500 }, async () => ({
        jws: await signed(stage, { ...claims, id: newVoteId() }),
      })),
    );
    const good = await Promise.all(
      CROWD.map(async (person) => ({
        jws: await signed(stage, await approvalOf(stage, runId, record, { person })),
      })),
    );
    await flood(stage, runId, bad);
    await flood(stage, runId, good);
    const { timeline } = await stage.ended(runId);
    expect(timeline).toMatchObject({ outcome: 'succeeded', refused: { total: bad.length } });
    const sizes = handoverSizes(await executionsOf(stage, runId));
    expect(Math.max(0, ...sizes)).toBeLessThan(MAX_HANDOVER_BYTES);
  });
});
