import type { CliContext } from '../context.ts';
import { printJson } from '../output.ts';
import type { Presenter } from './presenter.ts';

/** The whole view as one line of JSON for each change; the last line is how the run stood when watching ended. */
export function jsonLinesPresenter(context: CliContext): Presenter {
  return {
    look: (view, isChanged) => {
      if (isChanged) printJson(context, view);
    },
    lost: () => undefined,
    note: (line) => context.stderr.write(`${line}\n`),
    over: () => undefined,
    leave: () => undefined,
  };
}

/** One JSON value: how the run stood when watching ended. */
export function finalJsonPresenter(context: CliContext): Presenter {
  return {
    look: () => undefined,
    lost: () => undefined,
    note: (line) => context.stderr.write(`${line}\n`),
    over: (view) => printJson(context, view),
    leave: (view) => printJson(context, view ?? null),
  };
}
