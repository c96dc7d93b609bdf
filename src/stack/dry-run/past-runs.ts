import { viewOf } from '../../client/run-view.ts';
import { ConfigError } from '../../config/index.ts';
import { ControlError, type Control } from '../../control/index.ts';
import { MODES, type CompiledRunbook, type Mode } from '../../model/runbook.ts';
import { pastRunOf, PastTimes, type PastRun } from './past-times.ts';

/** The newest tell best how long it takes now, and a median of so many is steady. */
const NEWEST = 20;
/** Looked at side by side: a worker replays each of them. */
const AT_ONCE = 4;
/** Somebody sits and waits: after this no further run is looked at. */
const LOOK_FOR_MS = 8_000;

/** What past runs tell, that there are none, or why they could not be looked at. */
export type PastRuns = PastTimes | 'none' | { readonly code: string; readonly why: string };

/** Looks at runs of this runbook that ended well: in this mode or, when there are none, in the other one. */
export async function lookAtPastRuns(
  control: Control,
  { name }: Pick<CompiledRunbook, 'name'>,
  mode: Mode,
  signal: AbortSignal,
): Promise<PastRuns> {
  try {
    for (const each of [mode, ...MODES.filter((other) => other !== mode)]) {
      const runs = await endedWell(control, name, each, signal);
      if (runs.length > 0) return new PastTimes(runs, each);
    }
    return 'none';
  } catch (error) {
    if (!(error instanceof ControlError || error instanceof ConfigError)) throw error;
    return { code: error.code, why: error.message };
  }
}

/** @throws ControlError when there are such runs and none could be looked at */
async function endedWell(
  control: Control,
  runbook: string,
  mode: Mode,
  signal: AbortSignal,
): Promise<PastRun[]> {
  const listed = [...(await control.list({ limit: NEWEST, endedWell: { runbook, mode } }))];
  const until = Date.now() + LOOK_FOR_MS;
  const runs: PastRun[] = [];
  let failure: ControlError | undefined;
  while (listed.length > 0 && !signal.aborted && Date.now() < until) {
    const next = listed.splice(0, AT_ONCE).map(async ({ runId }) => {
      try {
        const view = await viewOf(runId, control);
        // One that took over results did only a part of the work.
        if (view.timeline.takenOver === undefined) runs.push(pastRunOf(view));
      } catch (error) {
        // One run that cannot be asked says nothing of the others.
        if (!(error instanceof ControlError)) throw error;
        failure = error;
      }
    });
    await Promise.all(next);
  }
  if (runs.length === 0 && failure !== undefined) throw failure;
  return runs;
}
