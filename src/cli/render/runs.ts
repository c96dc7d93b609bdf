import { formatDuration } from '../../model/duration.ts';
import type { RunSummary } from '../../client/index.ts';
import { modeText } from './header.ts';
import { coloured } from './marks.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** Runs in a list; what waits for people names the gate. */
export function runLines(
  runs: readonly RunSummary[],
  { program, now }: { readonly program: string; readonly now: () => number },
): string[] {
  if (runs.length === 0) return [`There are no runs yet. Start one: ${program} run dr-drill --watch`];
  return table(
    ['RUN', 'MODE', 'STATE', 'STARTED', 'TOOK'],
    runs.map(({ runId, mode, state, waiting, startedAt, endedAt }) => [
      runId,
      modeText(mode),
      waiting === undefined ? coloured(state) : `${coloured('waiting')} at ${waiting}`,
      shortTime(startedAt),
      formatDuration(Math.max(0, (endedAt ?? now()) - startedAt)),
    ]),
  );
}
