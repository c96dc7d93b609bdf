import type { CliContext } from './context.ts';
import { print } from './output.ts';
import type { StackContext } from './stack-door.ts';
import { followRun } from './watch/follow.ts';

/** What a command that runs the stack itself is given. */
export function stackContext(context: CliContext): StackContext {
  const { signal, json, options, stderr } = context;
  return {
    ...options,
    signal,
    json,
    print: (line) => (json ? stderr.write(`${line}\n`) : print(context, line)),
    follow: (muster, runId) => followRun(muster, runId, { context, wait: true, jsonLines: false }),
  };
}
