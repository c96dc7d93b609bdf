import { compare } from './compare.ts';
import type { Row } from './row.ts';
import { checksInARow } from './runbooks.ts';
import { onStage, runByHand } from './stage.ts';
import type { Tools } from './tools.ts';

const FEW = 20;
const MANY = 2_000;
/** A run of 2,000 steps takes seconds, and its median moves little. */
const MAX_ROUNDS_OF_MANY = 5;
/** A runbook costs little more than the code one would write instead. */
const GOAL = 1.15;

/** A runbook against the same steps in a hand-written workflow: one server, one worker, one queue. */
export async function measureStepTime(tools: Tools): Promise<Row[]> {
  return onStage(tools, {}, async (stage) => {
    const rows: Row[] = [];
    for (const steps of [FEW, MANY]) {
      const runbook = checksInARow(steps, stage.healthUrl);
      const rounds = steps === MANY ? Math.min(tools.rounds, MAX_ROUNDS_OF_MANY) : tools.rounds;
      for (const reads of ['activities', 'inTask'] as const) {
        const written = reads === 'inTask' ? 'hand-written with local activities' : 'hand-written';
        rows.push(
          ...(await compare(
            {
              ours: { what: `${steps} checks in a row, runbook`, stage, way: () => stage.run(runbook) },
              theirs: {
                what: `${steps} checks in a row, ${written}`,
                stage,
                way: () => runByHand(stage, { steps, reads }),
              },
              ratio: {
                what: `${steps} checks: runbook / ${written}`,
                // Nobody who writes by hand reads within the task, and yields to votes: that row is there to tell what is left.
                ...(reads === 'activities' && { goal: GOAL }),
              },
              steps,
            },
            { ...tools, rounds },
          )),
        );
      }
    }
    return rows;
  });
}
