import { publishedProblems, type StartRules } from '../language/index.ts';
import type { Carried, StepRecord } from '../model/run.ts';
import { MusterError } from './errors.ts';

/**
 * Refuses to go on with a run that is not over, from where nothing can be taken over, or live with a runbook that is not
 * published as it ran.
 *
 * @throws MusterError `run.refused`, with diagnostics as of a start
 */
export function assertRerunnable(
  { isOver, input: { runbook, runbookDigest, mode } }: Carried,
  steps: readonly StepRecord[],
  { runId, from, rules }: { readonly runId: string; readonly from: string; readonly rules: StartRules },
): void {
  const diagnostics = publishedProblems(runbook, { mode, digest: runbookDigest, rules });
  if (diagnostics.length > 0) {
    throw new MusterError('run.refused', `${runId} cannot be run again like this.`, { diagnostics });
  }
  if (!isOver) {
    throw new MusterError(
      'run.refused',
      'The run is not over: its gates and `muster decide` change its way.',
    );
  }
  const step = steps.find(({ path }) => path === from);
  if (step === undefined) {
    const failed = steps.find(({ outcome }) => outcome === 'failed' || outcome === 'cancelled');
    throw new MusterError('run.refused', `The run has no step ${from}.`, {
      ...(failed !== undefined && { hint: `The first that did not end well is ${failed.path}.` }),
    });
  }
  if (from.startsWith('cleanup/') || from.startsWith('always/')) {
    throw new MusterError('run.refused', `${from} stands behind the steps: every run does it by itself.`);
  }
}
