import { formatDuration } from '../../model/duration.ts';
import type { StepRecord } from '../../model/run.ts';
import type { RunView } from '../../client/index.ts';
import { deviationLines } from './deviations.ts';
import { failureLines } from './failure.ts';
import { cancelledText, refusedText, runLine, takenOverLines } from './header.ts';
import { coloured, standingOf } from './marks.ts';
import { noteOf } from './notes.ts';
import { recoveryLines } from './recoveries.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { stamp } from './times.ts';

/** A run that is over: what was done and when, what was not and why, and how it ended. `view` is inert already. */
export function finalLines(view: RunView): string[] {
  const { timeline, steps, state } = view;
  const { startedAt, endedAt, achievedRtoMs, refused, cancelled } = timeline;
  const begun = steps.filter(wasTried);
  const notRun = steps.filter((step) => !begun.includes(step));
  const took = endedAt === undefined ? '' : ` after ${formatDuration(endedAt - startedAt)}`;
  return [
    styled('bold', timeline.title),
    runLine(view),
    '',
    ...table(
      ['STEP', 'OUTCOME', 'START', 'DURATION', 'NOTE'],
      begun.map((step) => row(step, startedAt)),
    ),
    ...begun.flatMap(({ path, failure }) =>
      failure === undefined
        ? []
        : ['', `${path} failed:`, ...failureLines(failure).map((line) => `  ${line}`)],
    ),
    ...(notRun.length === 0 ? [] : ['', 'Not run:']),
    ...notRun.map((step) => `  ${step.path}: ${step.title} (${reasonNotRun(step, view)})`),
    '',
    ...takenOverLines(timeline),
    ...deviationLines(steps),
    ...recoveryLines(timeline, endedAt ?? startedAt),
    ...(achievedRtoMs === undefined ? [] : [`Achieved RTO: ${formatDuration(achievedRtoMs)}`]),
    ...(refused.total === 0 ? [] : [refusedText(refused.total)]),
    ...(cancelled === undefined ? [] : [cancelledText(cancelled)]),
    `Outcome: ${coloured(state)}${took}`,
  ];
}

/** A false `if` is found when a step begins, and it has not run; one that people left out after it failed has. */
function wasTried({ startedAt, outcome, gate }: StepRecord): boolean {
  return startedAt !== undefined && (outcome !== 'skipped' || gate !== undefined);
}

function row(step: StepRecord, runStartedAt: number): string[] {
  const { path, startedAt = runStartedAt, endedAt } = step;
  return [
    path,
    coloured(step.state === 'ended' ? standingOf(step) : 'unfinished'),
    stamp(startedAt - runStartedAt),
    endedAt === undefined ? '' : formatDuration(endedAt - startedAt),
    noteOf(step, { now: endedAt ?? startedAt }),
  ];
}

function reasonNotRun({ reason, outcome }: StepRecord, { state }: RunView): string {
  if (reason !== undefined) return reason;
  return outcome === 'skipped' ? 'skipped' : `the run ended before its turn: ${state}`;
}
