import { describe, expect, test } from 'vitest';
import { executionsOf, handoverOf, handoverSizes } from '../support/executions.ts';
import { decide, openStage, runbookOf, stepOf, type Stage } from '../support/stage.ts';

/** What muster promises to hand from one execution to the next; Temporal ends a run at 2 MB. */
const MAX_HANDOVER_BYTES = 256 * 1_024;

interface Case {
  readonly items: number;
  readonly continueAfter: number;
  readonly maxConcurrency: number;
}

/** Issues a token for each item, checks it, and fails where an item says so. */
const RUNBOOK = (maxConcurrency: number): string =>
  runbookOf(`
inputs:
  agents: { type: list, of: { name: string, backup: string, ok: boolean } }
steps:
  - id: tokens
    forEach:
      items: '\${{ inputs.agents }}'
      as: agent
      key: '\${{ agent.name }}'
      maxConcurrency: ${maxConcurrency}
      failures: collect
    steps:
      - id: issue
        uses: vbr.issueRecoveryToken
        with: { backupIds: ['\${{ agent.backup }}'], validFor: 1h }
      - { id: issued, check: steps.issue.output.id != "" }
      - { id: fine, check: agent.ok }
      - { id: last, check: steps.fine.outcome == "succeeded" }
  - { id: named, check: 'steps.tokens.items["agent-001"].output.issue.id != ""' }
`);

function agentsOf(stage: Stage, count: number): { name: string; backup: string; ok: boolean }[] {
  const [backup] = stage.simulator.world.scenario.vbr.agentBackups;
  return Array.from({ length: count }, (_none, no) => ({
    name: `agent-${String(no).padStart(3, '0')}`,
    backup: backup?.id ?? '',
    ok: no % 10 !== 7,
  }));
}

describe('a loop in a run that continues as new', () => {
  const CASES: readonly Case[] = [
    { items: 8, continueAfter: 2, maxConcurrency: 1 },
    { items: 12, continueAfter: 7, maxConcurrency: 3 },
    // More than goes with a snapshot: the records are handed over by digest.
    { items: 150, continueAfter: 200, maxConcurrency: 50 },
  ];
  test.concurrent.for(CASES)(
    'does everything once: %o',
    { timeout: 240_000 },
    async ({ items, continueAfter, maxConcurrency }, { onTestFinished }) => {
      const stage = await openStage();
      onTestFinished(() => stage.close());
      const runId = await stage.start(RUNBOOK(maxConcurrency), {
        inputs: { agents: agentsOf(stage, items) },
        continueAfter,
      });
      const failing = Math.floor((items + 2) / 10);
      const { failure } = await stage.gate(runId, 'tokens');
      expect(failure?.details).toMatchObject({ ok: items - failing, failed: failing });
      await decide(stage, runId, 'tokens', 'retry');
      await stage.until(runId, (view) => {
        const { state, decisions } = stepOf(view, 'tokens');
        return state === 'waiting' && decisions?.length === 1;
      });
      await decide(stage, runId, 'tokens', 'skip');
      const view = await stage.ended(runId);

      expect(view.outcome).toBe('warned');
      expect(stepOf(view, 'tokens').output).toEqual({
        total: items,
        succeeded: items - failing,
        warned: 0,
        failed: failing,
      });
      expect(stepOf(view, 'named').outcome).toBe('succeeded');
      // Whoever failed was tried twice, from the step that failed: its token was issued once.
      expect(stepOf(view, 'tokens/agent-007/fine').attempt).toBe(2);
      expect(stepOf(view, 'tokens/agent-007/issue').attempt).toBe(1);
      expect(stage.simulator.journal).toHaveLength(items);
      const executions = await executionsOf(stage, runId);
      expect(executions.length).toBe(view.timeline.continuations + 1);
      expect(executions.length).toBeGreaterThan(1);
      expect(Math.max(...handoverSizes(executions))).toBeLessThan(MAX_HANDOVER_BYTES);
      const handovers = executions.flatMap((one) => handoverOf(one) ?? []);
      expect(handovers.some((text) => text.includes('"archives"'))).toBe(items > 100);
    },
  );
});
