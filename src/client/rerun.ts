import type { Carried, StepRecord } from '../model/run.ts';
import { MusterError } from './errors.ts';

/** Refuses to go on with a run that is not over, whose runbook is not published, or from where nothing can be taken over. @throws MusterError `run.refused` */
export function assertRerunnable(
  { isOver, input: { runbook, runbookDigest, mode } }: Carried,
  steps: readonly StepRecord[],
  { from, published }: { readonly from: string; readonly published: ReadonlyMap<string, string> | undefined },
): void {
  if (mode === 'live' && published !== undefined && published.get(runbook) !== runbookDigest) {
    throw new MusterError(
      'run.refused',
      `${runbook}, as it ran, is not published, so it cannot run live again.`,
    );
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
