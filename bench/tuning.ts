import { compare } from './compare.ts';
import type { Row } from './row.ts';
import { checksInARow, checksSideBySide } from './runbooks.ts';
import { onStage, type Stage } from './stage.ts';
import type { Tools } from './tools.ts';

const IN_A_ROW = 20;
const SIDE_BY_SIDE = 100;
/** What the tuning is for. */
const IN_A_ROW_GOAL = 0.25;
/** What it may cost: steps side by side do not wait for the queue, so there is nothing for it to win. */
const SIDE_BY_SIDE_GOAL = 1.2;

/** Steps one after another on the server that muster starts, against one as Temporal ships it. */
export async function measureTuning(tools: Tools): Promise<Row[]> {
  return onBoth(tools, ({ tuned, untuned }) => {
    const way = (stage: Stage) => () => stage.run(checksInARow(IN_A_ROW, stage.healthUrl));
    return compare(
      {
        ours: { what: `${IN_A_ROW} checks in a row, tuned server`, stage: tuned, way: way(tuned) },
        theirs: { what: `${IN_A_ROW} checks in a row, default server`, stage: untuned, way: way(untuned) },
        ratio: { what: 'tuned / default, in a row', goal: IN_A_ROW_GOAL },
        steps: IN_A_ROW,
      },
      tools,
    );
  });
}

/** The same for steps that run all at once: the time of the whole run. */
export async function measureFanOut(tools: Tools): Promise<Row[]> {
  return onBoth(tools, ({ tuned, untuned }) => {
    const way = (stage: Stage) => () => stage.run(checksSideBySide(SIDE_BY_SIDE, stage.healthUrl));
    return compare(
      {
        ours: { what: `${SIDE_BY_SIDE} checks at once, tuned server`, stage: tuned, way: way(tuned) },
        theirs: { what: `${SIDE_BY_SIDE} checks at once, default server`, stage: untuned, way: way(untuned) },
        ratio: { what: 'tuned / default, at once', goal: SIDE_BY_SIDE_GOAL },
        steps: 1,
      },
      tools,
    );
  });
}

function onBoth<T>(
  tools: Tools,
  work: (stages: { readonly tuned: Stage; readonly untuned: Stage }) => Promise<T>,
): Promise<T> {
  return onStage(tools, { tuning: 'tuned' }, (tuned) =>
    onStage(tools, { tuning: 'default' }, (untuned) => work({ tuned, untuned })),
  );
}
