import type { Control } from '../control/index.ts';
import type { RunStore } from '../store/index.ts';
import { translated } from './translate-error.ts';

/** Which run is meant, and what it is a run of. */
export interface NamedRun {
  readonly runId: string;
  readonly firstExecutionId: string;
  readonly runbook: string;
}

/**
 * A run by its id, also one that Temporal has forgotten.
 *
 * @throws MusterError `run.notFound`
 */
export async function runNamed(
  runId: string,
  {
    control,
    stores: { runs },
  }: {
    readonly control: Pick<Control, 'timelinePage'>;
    readonly stores: { readonly runs: Pick<RunStore, 'find'> };
  },
): Promise<NamedRun> {
  const kept = await runs.find(runId);
  if (kept?.firstExecutionId !== undefined) {
    return { runId, firstExecutionId: kept.firstExecutionId, runbook: kept.runbook };
  }
  const { run } = await translated(() => control.timelinePage(runId, { from: 0, limit: 1 }));
  return { runId: run.runId, firstExecutionId: run.firstExecutionId, runbook: run.runbook };
}
