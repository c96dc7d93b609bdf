import { inTurns, type Way } from './pairs.ts';
import { atMost, row, type Row } from './row.ts';
import type { Stage } from './stage.ts';
import type { Tools } from './tools.ts';

/** One side of a comparison. */
export interface Side {
  readonly what: string;
  readonly stage: Stage;
  readonly way: Way;
}

export interface Comparison {
  /** The side that is held to the goal, and the one it is compared with. */
  readonly ours: Side;
  readonly theirs: Side;
  /** Without a goal it explains another figure. */
  readonly ratio: { readonly what: string; readonly goal?: number };
  /** How many steps in a row share the time of a run. */
  readonly steps: number;
}

/** Three rows: the times of both sides, and the ratio of each pair. */
export async function compare(
  { ours, theirs, ratio, steps }: Comparison,
  { rounds, say }: Pick<Tools, 'rounds' | 'say'>,
): Promise<Row[]> {
  const pairs = await inTurns(rounds, { first: ours.way, second: theirs.way }, (round) => {
    say(`${ratio.what}: pair ${round} of ${rounds}`);
  });
  const times = [];
  for (const { first, second } of pairs) {
    const [mine, other] = [await ours.stage.costOf(first), await theirs.stage.costOf(second)];
    times.push({ ours: mine.ms / steps, theirs: other.ms / steps });
  }
  const unit = steps === 1 ? 'ms' : 'ms a step';
  return [
    row(
      ours.what,
      unit,
      times.map((pair) => pair.ours),
    ),
    row(
      theirs.what,
      unit,
      times.map((pair) => pair.theirs),
    ),
    row(
      ratio.what,
      '',
      times.map((pair) => pair.ours / pair.theirs),
      ratio.goal === undefined ? undefined : atMost(ratio.goal),
    ),
  ];
}
