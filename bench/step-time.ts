import { compare } from './compare.ts';
import type { Row } from './row.ts';
import { checksInARow } from './runbooks.ts';
import { onStage, runByHand } from './stage.ts';
import type { Tools } from './tools.ts';

const STEPS = 20;
/** A runbook costs little more than the code one would write instead. */
const GOAL = 1.15;

/** A runbook against the same steps in a hand-written workflow: one server, one worker, one queue. */
export async function measureStepTime(tools: Tools): Promise<Row[]> {
  return onStage(tools, {}, async (stage) => {
    const runbook = checksInARow(STEPS, stage.healthUrl);
    return compare(
      {
        ours: { what: `${STEPS} checks in a row, runbook`, stage, way: () => stage.run(runbook) },
        theirs: { what: `${STEPS} checks in a row, hand-written`, stage, way: () => runByHand(stage, STEPS) },
        ratio: { what: 'runbook / hand-written', goal: GOAL },
        steps: STEPS,
      },
      tools,
    );
  });
}
