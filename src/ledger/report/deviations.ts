import { heardNote } from '../../model/approvers.ts';
import type { DecisionTaken, StepRecord, Timeline } from '../../model/run.ts';
import { WRITTEN_AHEAD } from '../../model/written-ahead.ts';
import type { FailureDecision } from '../../model/vote.ts';
import type { ReportedDeviation } from './report-types.ts';

/** Decisions after which a run has not done what its runbook says. The others only say when, or how often. */
const DEVIATING: Readonly<Partial<Record<FailureDecision, string>>> = {
  done: 'Somebody did the step by hand.',
  skip: 'The step was left out.',
  adopt: 'What somebody did in the console of the server was taken over.',
  continue: 'A halted plan was continued.',
  halt: 'The plan was halted.',
  runNow: 'The step began outside of its window.',
  rollback: 'What the run had done was taken back.',
  abort: 'The run was given up.',
};

/** Everything in which a run departed from its runbook, in the order of the runbook. */
export function deviationsOf(
  { cancelled }: Pick<Timeline, 'cancelled'>,
  steps: readonly StepRecord[],
): ReportedDeviation[] {
  return [
    ...steps.flatMap((step) => [
      ...alone(step),
      ...spoken(step),
      ...overdue(step),
      ...decided(step),
      ...ahead(step),
    ]),
    ...(cancelled === undefined
      ? []
      : [
          {
            what: 'The run was cancelled.',
            by: cancelled.by,
            at: cancelled.at,
            ...(cancelled.reason === undefined ? {} : { reason: cancelled.reason }),
          },
        ]),
  ];
}

function alone({ path, deviation, gate }: StepRecord): ReportedDeviation[] {
  const found = deviation ?? gate?.deviation;
  if (found === undefined) return [];
  const starter = found.isStarter === true ? ', who also started the run' : '';
  const what = `Break-glass: one person${starter} approved alone, not by the rules of the approval.`;
  return [{ path, what, by: found.by, at: found.at, reason: found.reason }];
}

function spoken({ path, gate }: StepRecord): ReportedDeviation[] {
  return (gate?.votes ?? []).flatMap(({ person, heardBy, iat }) =>
    heardBy === undefined
      ? []
      : [{ path, what: `The answer was ${heardNote(heardBy)}.`, by: person, at: iat * 1_000 }],
  );
}

function ahead({ path, command, startedAt }: StepRecord): ReportedDeviation[] {
  if (command?.note?.startsWith(WRITTEN_AHEAD) !== true) return [];
  const what = 'The command was sent while the store was away. No freeze and no revocation could be read.';
  return [{ path, what, ...(startedAt === undefined ? {} : { at: startedAt }) }];
}

function overdue({ path, gate }: StepRecord): ReportedDeviation[] {
  if (gate?.overdue !== true) return [];
  return [{ path, what: 'Nobody answered in the time that the runbook gives; the run waited on.' }];
}

function decided({ path, decisions = [] }: StepRecord): ReportedDeviation[] {
  return decisions.flatMap((taken) => {
    const what = saidOf(taken);
    if (what === undefined) return [];
    const { person, at, comment } = taken;
    return [{ path, what, by: person, at, ...(comment === undefined ? {} : { reason: comment }) }];
  });
}

function saidOf({ decision, option, values, failure }: DecisionTaken): string | undefined {
  const said = DEVIATING[decision as FailureDecision];
  const isCorrected = decision === 'retry' && values !== undefined && Object.keys(values).length > 0;
  const what = isCorrected ? 'The step was tried again with other inputs than the runbook says.' : said;
  if (what === undefined) return undefined;
  const how = option === undefined ? '' : ` In the way ${option}.`;
  return `${what}${how} It had failed with ${failure}.`;
}
