import type { Control, PendingActivity } from '../control/index.ts';
import type { RunView, StepProgress } from './muster.ts';

/** A run as it stands: its own account, and what its activities said in their last heartbeats. */
export async function viewOf(runId: string, control: Control): Promise<RunView> {
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
