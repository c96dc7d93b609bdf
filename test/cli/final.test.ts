import { expect, test } from 'vitest';
import { plain } from '../../src/cli/output.ts';
import { finalLines } from '../../src/cli/render/final.ts';
import type { RunView } from '../../src/client/index.ts';
import type { CommandDone } from '../../src/model/run.ts';
import { done, ended, haltedStep, START, step, view } from './sample-run.ts';

const draw = (shown: RunView): string => plain(finalLines(shown).join('\n'));

test('the final timeline has times, what did not run and why, and the RTO', () => {
  const steps = [
    done('ready', 0, 30),
    done('failover', 30, 95, { outcome: 'warned', command: note('adopted after a broken connection') }),
    step('count', {
      state: 'ended',
      outcome: 'skipped',
      reason: 'not in a drill run',
      endedAt: START + 95_000,
    }),
    done('tokens', 95, 95, { outcome: 'skipped', reason: 'if: inputs.tokens', title: 'Tokens' }),
  ];
  expect(draw(ended('warned', steps, { achievedRtoMs: 65_000, refused: { total: 1, latest: [] } }))).toBe(
    `A drill of ERP
dr-drill-20250131-k7m2qz  drill  exercise, started by anna

STEP      OUTCOME    START      DURATION  NOTE
ready     succeeded  +00:00:00  30.0 s
failover  warned     +00:00:30  1 m 5 s   adopted after a broken connection

Not run:
  count: Step count (not in a drill run)
  tokens: Tokens (if: inputs.tokens)

Achieved RTO: 1 m 5 s
1 vote refused
Outcome: warned after 2 m`,
  );
});

test('a failed step is told in full', () => {
  const { failure } = haltedStep();
  const failed = done('failover', 0, 10, { outcome: 'failed', ...(failure !== undefined && { failure }) });
  expect(draw(ended('failed', [failed]))).toContain(
    `failover failed:
  vro.planHalted: The plan ERP halted in group Databases.
    erp-db (critical) in Databases, step “Start VM”: No space on datastore DS1.`,
  );
});

test('a step that people left out after it failed did run', () => {
  const { gate } = haltedStep();
  const left = done('failover', 0, 10, {
    outcome: 'skipped',
    reason: 'skipped, bert: known',
    ...(gate !== undefined && { gate }),
  });
  const text = draw(ended('warned', [left]));
  expect(text).toContain('failover  skipped  +00:00:00  10.0 s    skipped, bert: known');
  expect(text).not.toContain('Not run:');
});

test('a run that was ended from outside says so, and what it left', () => {
  const text = draw(view([step('failover')], { state: 'terminated' }));
  expect(text).toContain('failover: Step failover (the run ended before its turn: terminated)');
  expect(text).toContain('Outcome: terminated');
});

function note(text: string): CommandDone {
  return { action: 'vro.failover', how: 'adopted', target: 'dr-site/plan/ERP', baseline: {}, note: text };
}
