import { relative, resolve } from 'node:path';
import type { CliContext } from './context.ts';
import { print } from './output.ts';
import { programLine } from './program-line.ts';
import type { StackContext } from './stack-door.ts';
import { followRun } from './watch/follow.ts';
import type { Presenter } from './watch/presenter.ts';

/** What a command that runs the stack itself is given. */
export function stackContext(context: CliContext): StackContext {
  const { signal, json, options, stderr } = context;
  let presenter: Presenter | undefined;
  return {
    ...options,
    signal,
    json,
    print(line) {
      // While a run is shown, whoever shows it decides where the line goes.
      if (presenter !== undefined) presenter.note(line);
      else if (json) stderr.write(`${line}\n`);
      else print(context, line);
    },
    async follow(muster, runId, { dataDir = options.dataDir } = {}) {
      const program = programLine({
        ...options,
        ...(dataDir !== undefined && { dataDir: relative(context.cwd, resolve(context.cwd, dataDir)) }),
      });
      try {
        return await followRun(muster, runId, {
          context: { ...context, program },
          wait: true,
          jsonLines: false,
          onPresenter: (shows) => (presenter = shows),
        });
      } finally {
        presenter = undefined;
      }
    },
  };
}
