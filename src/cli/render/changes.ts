import { openGates, type RunView } from '../../client/index.ts';
import type { Gate, StepRecord } from '../../model/run.ts';
import { failureLines } from './failure.ts';
import { gateLines } from './gate.ts';
import { cancelledText, refusedText, runLine } from './header.ts';
import { glyphOf, standingOf } from './marks.ts';
import { noteOf } from './notes.ts';
import { elapsedOf, stamp } from './times.ts';

/** What happened between two looks at a run, a line for each change, stamped by the run's own clock. */
export function changeLines(
  before: RunView | undefined,
  after: RunView,
  { program, now }: { readonly program: string; readonly now: number },
): string[] {
  const { startedAt, cancelled, refused, run } = after.timeline;
  const at = (time: number | undefined, text: string): string =>
    `${stamp((time ?? now) - startedAt)}  ${text}`;
  const known = new Map(before?.steps.map((step) => [step.path, step]));
  const gates = new Map(openGates(after.steps).map((gate) => [gate.step.path, gate]));
  return [
    ...(before === undefined ? [runLine(after)] : []),
    ...after.steps.flatMap((step) => {
      const old = known.get(step.path);
      const open = gates.get(step.path);
      const says = progressLine(before, after, step, now);
      return [
        ...stepChange(old, step, now).map((text) => at(step.endedAt ?? startOf(old, step), text)),
        ...(says === undefined ? [] : [at(undefined, says)]),
        ...voteChange(old?.gate, step).map((text) => at(undefined, text)),
        ...(open === undefined || old?.gate?.nonce === open.gate.nonce
          ? []
          : gateLines(open, { program, now, runId: run.runId }).map((line) => at(open.gate.openedAt, line))),
      ];
    }),
    ...(cancelled !== undefined && before?.timeline.cancelled === undefined
      ? [at(cancelled.at, cancelledText(cancelled))]
      : []),
    ...(refused.total > (before?.timeline.refused.total ?? 0)
      ? [at(undefined, refusedText(refused.total))]
      : []),
  ];
}

function startOf(old: StepRecord | undefined, step: StepRecord): number | undefined {
  return old?.startedAt === step.startedAt ? undefined : step.startedAt;
}

function stepChange(old: StepRecord | undefined, step: StepRecord, now: number): string[] {
  const isSame =
    old?.state === step.state &&
    old.attempt === step.attempt &&
    old.outcome === step.outcome &&
    // A window that a step waits for opens.
    (step.state !== 'running' || old.reason === step.reason);
  // A waiting step is told by its gate.
  if (isSame || step.state === 'pending' || step.state === 'waiting') return [];
  const standing = standingOf(step);
  const note = noteOf(step, { now });
  const ended = step.state === 'ended';
  const elapsed = ended && standing !== 'skipped' ? elapsedOf(step, now) : undefined;
  const again = !ended && step.attempt > 1 ? `attempt ${step.attempt}` : undefined;
  const facts = [elapsed, note === '' ? undefined : note, again].filter((fact) => fact !== undefined);
  const line = `${glyphOf(standing)} ${step.path}: ${step.title}: ${standing}`;
  return [
    facts.length === 0 ? line : `${line} (${facts.join('; ')})`,
    ...(ended && step.failure !== undefined ? failureLines(step.failure).map((text) => `    ${text}`) : []),
  ];
}

function progressLine(
  before: RunView | undefined,
  after: RunView,
  step: StepRecord,
  now: number,
): string | undefined {
  const progress = after.progress[step.path];
  if (progress === undefined || step.state !== 'running') return undefined;
  const old = before?.progress[step.path];
  if (old?.says === progress.says && old.percent === progress.percent) return undefined;
  return `${glyphOf('running')} ${step.path}: ${noteOf(step, { progress, now })}`;
}

function voteChange(old: Gate | undefined, { path, gate }: StepRecord): string[] {
  if (gate === undefined) return [];
  const before = old?.nonce === gate.nonce ? old : undefined;
  const votes = gate.votes.slice(before?.votes.length ?? 0).map(({ person, decision, comment }) => {
    const why = comment === undefined ? '' : `: ${comment}`;
    return `${path}: ${person} has answered: ${decision}${why}`;
  });
  const isFirstOverdue = gate.overdue === true && before?.overdue !== true;
  const isTimedOut = gate.closedBy === 'timeout' && before?.closedBy !== 'timeout';
  return [
    ...votes,
    ...(isFirstOverdue ? [`${path}: its time is over; it stays open`] : []),
    ...(isTimedOut ? [`${path}: nobody answered in time`] : []),
  ];
}
