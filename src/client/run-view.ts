import type { Control, PendingActivity } from '../control/index.ts';
import type { StepRecord } from '../model/run.ts';
import type { RunView, StepProgress } from './muster.ts';

/** Runbooks nest no deeper than this in a picture. */
const MAX_DEPTH = 5;

/**
 * A run as it stands: its own account, what its activities said in their last heartbeats, and the runs that its steps
 * have started, whose steps stand below those by their paths.
 */
export async function viewOf(runId: string, control: Control, depth = 0): Promise<RunView> {
  const view = await ownViewOf(runId, control);
  if (depth === MAX_DEPTH || view.steps.every(({ child }) => child === undefined)) return view;
  const steps: StepRecord[] = [];
  const progress = { ...view.progress };
  for (const step of view.steps) {
    steps.push(step);
    if (step.child === undefined) continue;
    const inner = await viewOf(step.child.runId, control, depth + 1);
    steps.push(...inner.steps.map((one) => ({ ...one, path: `${step.path}/${one.path}` })));
    for (const [path, said] of Object.entries(inner.progress)) progress[`${step.path}/${path}`] = said;
  }
  return { ...view, steps, progress };
}

async function ownViewOf(runId: string, control: Control): Promise<RunView> {
  // In this order: progress of a step that the timeline shows as ended would be of no use.
  const { activities, state } = await control.describe(runId);
  const timeline = await control.timeline(runId);
  // The outcome is known before the end: `always` still runs, and its gates still take answers.
  const outcome = timeline.endedAt === undefined ? undefined : timeline.outcome;
  const running = new Set(timeline.steps.filter((step) => step.state === 'running').map(({ path }) => path));
  const progress = Object.fromEntries(
    activities
      .filter(({ path }) => running.has(path))
      .map((activity) => [activity.path, progressOf(activity)]),
  );
  return {
    state: outcome ?? state,
    timeline,
    steps: timeline.steps,
    progress,
    ...(outcome !== undefined && { outcome }),
  };
}

function progressOf({ says, percent, facts, attempt, lastFailure }: PendingActivity): StepProgress {
  const trouble = lastFailure === undefined ? '' : ` (attempt ${attempt}; before: ${lastFailure})`;
  return {
    says: `${says}${trouble}`,
    ...(percent !== undefined && { percent }),
    ...(facts !== undefined && { facts }),
  };
}
