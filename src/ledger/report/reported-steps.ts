import { FAILURE_CODES } from '../../model/failure.ts';
import type { StepRecord, Timeline } from '../../model/run.ts';
import type { ReportedStep, StepNotRun } from './report-types.ts';

/** A false `if` is found when a step begins, and it has not run; one that people left out after it failed has. */
export function wasTried({ startedAt, outcome, gate, decisions }: StepRecord): boolean {
  return startedAt !== undefined && (outcome !== 'skipped' || gate !== undefined || decisions !== undefined);
}

/** A step that was tried. */
export function reportedStep(step: StepRecord): ReportedStep {
  const {
    path,
    title,
    kind,
    uses,
    state,
    outcome,
    attempt,
    startedAt,
    endedAt,
    waits = [],
    takenOver,
  } = step;
  return {
    path,
    title,
    kind,
    ...(uses === undefined ? {} : { uses }),
    state,
    ...(outcome === undefined ? {} : { outcome }),
    attempt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    waits,
    ...(takenOver === undefined ? {} : { takenOver }),
    ...(step.command === undefined ? {} : { target: step.command.target }),
    says: saysOf(step),
  };
}

function saysOf({
  failure,
  reason,
  command,
  attempt,
  takenOver,
  child,
  decisions = [],
}: StepRecord): string[] {
  return [
    ...(failure === undefined
      ? []
      : [`${failure.code}: ${failure.message === '' ? FAILURE_CODES[failure.code] : failure.message}`]),
    ...(reason === undefined || reason === failure?.message ? [] : [reason]),
    ...(command?.note === undefined || reason?.includes(command.note) === true ? [] : [command.note]),
    ...(command?.how === 'adopted' ? ['The effect was found on the server and adopted.'] : []),
    ...decisions.map(({ person, decision, option, comment }) => {
      const what = option === undefined ? decision : `${decision} ${option}`;
      return `${person} decided: ${what}${comment === undefined ? '' : `, saying: ${comment}`}`;
    }),
    ...(attempt > 1 ? [`Attempt ${attempt}.`] : []),
    ...(takenOver === true ? ['The result is that of the run that was taken over.'] : []),
    ...(child === undefined ? [] : [`Run ${child.runId}.`]),
  ];
}

/** What was not done, and why. */
export function stepNotRun(
  { path, title, reason, outcome }: StepRecord,
  { endedAt, state }: Pick<Timeline, 'endedAt'> & { readonly state: string },
): StepNotRun {
  const left =
    outcome === 'skipped' ? 'It was skipped.' : endedAt === undefined ? 'It has not begun yet.' : undefined;
  return { path, title, why: reason ?? left ?? `The run ended before its turn: ${state}.` };
}
