import type { RunView } from '../../client/index.ts';
import type { CliContext } from '../context.ts';
import { print } from '../output.ts';
import { changeLines } from '../render/changes.ts';
import { finalLines } from '../render/final.ts';
import { inert, inertValue } from '../render/inert.ts';
import { leaveLine } from './leave.ts';
import type { Presenter } from './presenter.ts';

/** Plain lines for logs and pipes, one for each change, nothing twice. */
export function linePresenter(context: CliContext): Presenter {
  const { program, now } = context;
  let before: RunView | undefined;
  let isLost = false;
  const tell = (lines: readonly string[]): void => {
    if (lines.length > 0) print(context, lines.join('\n'));
  };
  return {
    look(raw) {
      const view = inertValue(raw);
      tell([
        ...(isLost ? ['The run can be seen again.'] : []),
        ...changeLines(before, view, { program, now: now() }),
      ]);
      before = view;
      isLost = false;
    },
    lost(message) {
      if (!isLost) tell([`The run cannot be seen: ${inert(message)} Trying again.`]);
      isLost = true;
    },
    note: (line) => tell([line]),
    over: (view) => tell(['', ...finalLines(inertValue(view))]),
    leave: (view) => tell([leaveLine(context, view)]),
  };
}
