import { formatDuration } from '../../model/duration.ts';
import type { Pause, StepRecord } from '../../model/run.ts';
import type { StepProgress } from '../../client/index.ts';

/** What is worth saying of a step beside where it stands; empty when nothing is. */
export function noteOf(
  step: StepRecord,
  { progress, now }: { progress?: StepProgress | undefined; now: number },
): string {
  switch (step.state) {
    case 'pending':
      return step.paused === undefined ? (step.frozen ?? '') : pausedNote(step.paused);
    case 'running':
      return runningNote(step, progress, now);
    case 'waiting':
      return step.gate?.overdue === true ? 'waits for people, overdue' : 'waits for people';
    case 'ended':
      return endedNote(step);
  }
}

function pausedNote({ by, reason }: Pause): string {
  return `paused by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}

function runningNote(
  { kind, dueAt, command, reason, window }: StepRecord,
  progress: StepProgress | undefined,
  now: number,
): string {
  if (progress !== undefined) {
    const { says, percent } = progress;
    return percent === undefined || says.includes('%') ? says : `${says}, ${Math.round(percent)} %`;
  }
  const toGo = dueAt === undefined ? '' : `${formatDuration(Math.max(0, dueAt - now))} to go`;
  if (kind === 'wait') return toGo;
  if (window !== undefined && window.entered !== true && reason !== undefined) return `${reason}, ${toGo}`;
  return command?.note ?? '';
}

function endedNote({ failure, reason, command, attempt, takenOver }: StepRecord): string {
  const notes = [
    ...(failure === undefined ? [] : [failure.code]),
    ...(reason === undefined || reason === failure?.message ? [] : [reason]),
    // A step that ended well says it in its reason already.
    ...(command?.note === undefined || reason?.includes(command.note) === true ? [] : [command.note]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(takenOver === true ? ['taken over'] : []),
  ];
  return notes.join('; ');
}
