import { describe, expect, test } from 'vitest';
import { newVoteId } from '../../src/identity/index.ts';
import { ATTRIBUTES } from '../../workflows/search-attributes.ts';
import { executionsOf } from '../support/executions.ts';
import { replayExecutions } from '../support/replay.ts';
import { runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';

/** Where the server warns that a history is long is ten times as much. */
const MAX_EVENTS = 5_000;
const READS = 1_200;
const READS_BESIDE_A_GATE = 296;
const CHECKS = 500;
const VOTES = 200;

/** 2,000 steps: reads in a row, which cost an event each; reads beside a gate, which cost six; and checks. */
const STEPS_2000 = runbookOf(`
inputs: { app: { type: string } }
steps:
${read('alone', READS, '')}
  - id: both
    parallel:
      - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }] } }
      - id: beside
        steps:
${read('beside', READS_BESIDE_A_GATE, '        ')}
${numbers(CHECKS)
  .map((no) => `  - { id: check${no}, check: 'true' }`)
  .join('\n')}
  - { id: last, check: 'steps.go.outcome == "succeeded"' }
`);

const ITEMS_1000 = runbookOf(`
inputs: { app: { type: string }, machines: { type: list, of: { name: string } } }
steps:
  - id: all
    forEach: { items: '\${{ inputs.machines }}', as: machine, key: '\${{ machine.name }}', maxConcurrency: 50 }
    steps:
      - { id: look, uses: http.check, with: { url: '\${{ inputs.app }}/apps/always/health' } }
      - { id: ok, check: 'steps.look.output.status == 200' }
`);

function read(name: string, count: number, indent: string): string {
  return numbers(count)
    .map(
      (no) =>
        `${indent}  - { id: ${name}${no}, uses: http.check, with: { url: '\${{ inputs.app }}/apps/always/health' } }`,
    )
    .join('\n');
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_none, no) => no);
}

/** Asks the server's list, as `muster runs` does: a view of 2,000 steps every few milliseconds would be the run's main work. */
async function untilWaiting({ client }: Stage, runId: string, gate: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { typedSearchAttributes } = await client.workflow.getHandle(runId).describe();
        return typedSearchAttributes.get(ATTRIBUTES.waiting);
      },
      { timeout: 200_000, interval: 200 },
    )
    .toBe(gate);
}

/** The longest history among the executions of a run. Each replays: what was done within tasks follows from the run. */
async function longestHistory(stage: Stage, runId: string): Promise<number> {
  const executions = await executionsOf(stage, runId);
  expect(await replayExecutions(executions)).toEqual({});
  return Math.max(...executions.map(({ events }) => events.length));
}

describe('a large run', () => {
  test(
    'of 2,000 steps ends, within bounds of history, and answers every vote',
    { timeout: 300_000 },
    async () => {
      const stage = await stageForTest();
      const inputs = { app: stage.simulator.urls.app };
      const runId = await stage.start(STEPS_2000, { mode: 'live', inputs });
      await untilWaiting(stage, runId, 'both/go');
      const claims = await approvalOf(
        stage,
        runId,
        await stage.muster.show(runId).then((view) => stepOf(view, 'both/go')),
      );
      const refused = await Promise.all(
        numbers(VOTES).map(async () => ({
          jws: await signed(stage, { ...claims, id: newVoteId(), nonce: 'guessed' }),
        })),
      );
      await flood(stage, runId, refused);
      await flood(stage, runId, [{ jws: await signed(stage, claims) }]);
      await stage.muster.result(runId);
      const view = await stage.muster.show(runId);
      expect(view.timeline).toMatchObject({ total: 2_000, outcome: 'succeeded', refused: { total: VOTES } });
      expect(await longestHistory(stage, runId)).toBeLessThan(MAX_EVENTS);
    },
  );

  test('of a loop over 1,000 items, 50 at a time, ends', { timeout: 300_000 }, async () => {
    const stage = await stageForTest();
    const machines = numbers(1_000).map((no) => ({ name: `vm-${no}` }));
    const runId = await stage.start(ITEMS_1000, { inputs: { app: stage.simulator.urls.app, machines } });
    await stage.muster.result(runId);
    const view = await stage.muster.show(runId);
    expect(stepOf(view, 'all').output).toMatchObject({ total: 1_000, succeeded: 1_000 });
    expect(await longestHistory(stage, runId)).toBeLessThan(MAX_EVENTS);
  });
});
