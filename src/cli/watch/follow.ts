import { isOver, openGates, type Muster, type RunView } from '../../client/index.ts';
import type { CliContext } from '../context.ts';
import { EXIT, exitCodeAtGates, exitCodeOfRun, type ExitCode } from '../exit-codes.ts';
import { isLeaf } from '../render/outline.ts';
import { finalJsonPresenter, jsonLinesPresenter } from './json.ts';
import { linePresenter } from './lines.ts';
import { livePresenter } from './live.ts';
import { pollRun } from './poll-run.ts';
import type { Presenter } from './presenter.ts';

export interface FollowOptions {
  /** Stay at a gate although nobody may be looking. */
  readonly wait: boolean;
  /** With `--json`: a line for each change, or one value at the end. */
  readonly jsonLines: boolean;
  /** Is given what shows the run, for lines from elsewhere. */
  readonly onPresenter?: (presenter: Presenter) => void;
}

/** Watches a run, in the way that fits where the output goes, and answers the exit code for it. */
export async function followRun(
  muster: Muster,
  runId: string,
  { context, wait, jsonLines, onPresenter }: FollowOptions & { readonly context: CliContext },
): Promise<ExitCode> {
  const presenter = presenterFor(context, jsonLines);
  onPresenter?.(presenter);
  // Without a terminal nobody sees that the run waits: a script must get its answer.
  const stopsAtGate = !context.isLive && !wait;
  let last: RunView | undefined;
  for await (const look of pollRun(muster, runId, context)) {
    if ('lost' in look) {
      presenter.lost(look.lost.message, look.sinceMs);
      continue;
    }
    last = look.view;
    presenter.look(last, look.isChanged);
    if (isOver(last)) {
      presenter.over(last);
      return exitCodeOfRun(last);
    }
    if (stopsAtGate && isBlocked(last)) {
      presenter.leave(last);
      return exitCodeAtGates(last);
    }
  }
  presenter.leave(last);
  return last !== undefined && openGates(last.steps).length > 0 ? exitCodeAtGates(last) : EXIT.interrupted;
}

/** Whether nothing goes on until somebody answers. */
export function isBlocked({ steps }: Pick<RunView, 'steps'>): boolean {
  return openGates(steps).length > 0 && !steps.some((step) => step.state === 'running' && isLeaf(step));
}

function presenterFor(context: CliContext, jsonLines: boolean): Presenter {
  if (context.json) return jsonLines ? jsonLinesPresenter(context) : finalJsonPresenter(context);
  return context.isLive ? livePresenter(context) : linePresenter(context);
}
