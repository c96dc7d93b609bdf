import { openGates, type RunView } from '../../client/index.ts';

/** How to come back to a run that goes on. */
export function leaveLine({ program }: { readonly program: string }, view: RunView | undefined): string {
  if (view === undefined) return 'Watching ended.';
  const back = `${program} watch ${view.timeline.run.runId}`;
  const gates = openGates(view.steps).map(({ step }) => step.path);
  if (gates.length === 0) return `The run goes on without being watched. Watch it again: ${back}`;
  return `The run waits for people at ${gates.join(', ')}. Once it has its answer, watch it again: ${back}`;
}
