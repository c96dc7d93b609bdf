import { compare } from './compare.ts';
import type { Row } from './row.ts';
import { onStage, runByHand, type Stage } from './stage.ts';
import type { Tools } from './tools.ts';

const IN_A_ROW = 20;
const SIDE_BY_SIDE = 100;
/** What the tuning is for. */
const IN_A_ROW_GOAL = 0.25;
/** What it may cost: steps side by side do not wait for the queue, so there is nothing for it to win. */
const SIDE_BY_SIDE_GOAL = 1.2;

/** Activities one after another on the server that muster starts, against one as Temporal ships it. */
export async function measureTuning(tools: Tools): Promise<Row[]> {
  return onBoth(tools, ({ tuned, untuned }) => {
    const way = (stage: Stage) => () => runByHand(stage, { steps: IN_A_ROW, reads: 'activities' });
    return compare(
      {
        ours: { what: `${IN_A_ROW} activities in a row, tuned server`, stage: tuned, way: way(tuned) },
        theirs: {
          what: `${IN_A_ROW} activities in a row, default server`,
          stage: untuned,
          way: way(untuned),
        },
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
    const way = (stage: Stage) => () =>
      runByHand(stage, { steps: SIDE_BY_SIDE, reads: 'activities', order: 'atOnce' });
    return compare(
      {
        ours: { what: `${SIDE_BY_SIDE} activities at once, tuned server`, stage: tuned, way: way(tuned) },
        theirs: {
          what: `${SIDE_BY_SIDE} activities at once, default server`,
          stage: untuned,
          way: way(untuned),
        },
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
