import { formatDuration } from '../../model/duration.ts';
import type { Finding, FindingSource, Severity } from '../../model/findings.ts';
import { measuredObjectives, type MeasuredRun } from '../../model/objectives.ts';
import type { StepRecord, Timeline } from '../../model/run.ts';
import { isLeafStep } from '../../model/step-times.ts';

/** A run, as far as its findings depend on it. */
export interface FoundIn extends MeasuredRun {
  readonly timeline: Timeline;
}

/**
 * The findings that a run raises by itself once it is over: warnings, steps that people left out, deviations, and objectives
 * that were missed. The same run has always the same ones, with the same ids.
 */
export function findingsOf(view: FoundIn): Finding[] {
  const { timeline, steps } = view;
  const { run, endedAt = timeline.startedAt } = timeline;
  const finding = (
    raisedBy: FindingSource,
    severity: Severity,
    text: string,
    { path, key = path ?? '' }: { readonly path?: string; readonly key?: string },
  ): Finding => ({
    id: `${run.runId}:${raisedBy}:${key}`,
    runId: run.runId,
    runbook: run.runbook,
    ...(path === undefined ? {} : { path }),
    raisedBy,
    raisedAt: endedAt,
    text,
    severity,
    history: [],
  });
  const ofStep = (step: StepRecord): Finding[] => {
    const { path, title } = step;
    const found = reasonOf(step);
    return found === undefined
      ? []
      : [finding(found.raisedBy, found.severity, `${title}: ${found.says}`, { path })];
  };
  const cancelled =
    timeline.cancelled === undefined
      ? []
      : [
          finding('deviation', 'medium', `The run was cancelled by ${timeline.cancelled.by}.`, {
            key: 'cancelled',
          }),
        ];
  return [
    ...steps.filter(isLeafStep).flatMap(ofStep),
    ...cancelled,
    ...missedObjectives(view).map(({ key, severity, text }) => finding('objective', severity, text, { key })),
  ];
}

interface Found {
  readonly raisedBy: FindingSource;
  readonly severity: Severity;
  readonly says: string;
}

/** One finding a step: the worst that can be said of it. */
function reasonOf(step: StepRecord): Found | undefined {
  const { outcome, failure, reason, gate, deviation, decisions = [], takenOver } = step;
  // It was found in the run that did it.
  if (takenOver === true) return undefined;
  const left = decisions.find(({ decision }) => decision === 'skip');
  const hand = decisions.find(({ decision }) => decision === 'done' || decision === 'adopt');
  const why = ({ person, comment }: { person: string; comment?: string }): string =>
    `${person}${comment === undefined ? '' : `, who said: ${comment}`}`;
  if (deviation !== undefined || gate?.deviation !== undefined) {
    const { by, reason: said } = deviation ?? gate?.deviation ?? { by: '', reason: '' };
    return {
      raisedBy: 'deviation',
      severity: 'high',
      says: `approved by ${by} alone (break-glass): ${said}`,
    };
  }
  if (outcome === 'failed') {
    const what = failure === undefined ? 'it failed.' : `it failed with ${failure.code}. ${failure.message}`;
    return { raisedBy: 'deviation', severity: 'high', says: what };
  }
  if (left !== undefined && outcome === 'skipped') {
    return {
      raisedBy: 'skip',
      severity: 'medium',
      says: `left out after it had failed (${left.failure}) by ${why(left)}`,
    };
  }
  if (hand !== undefined) {
    return {
      raisedBy: 'deviation',
      severity: 'medium',
      says: `done otherwise than the runbook says by ${why(hand)}`,
    };
  }
  if (outcome === 'warned') {
    return { raisedBy: 'warning', severity: 'low', says: reason ?? 'it ended with warnings.' };
  }
  if (decisions.length > 0) {
    const [first] = decisions;
    return {
      raisedBy: 'warning',
      severity: 'medium',
      says: `it needed people to end well: it had failed with ${first?.failure ?? 'an error'}.`,
    };
  }
  if (gate?.overdue === true) {
    return {
      raisedBy: 'deviation',
      severity: 'low',
      says: 'nobody answered in the time that the runbook gives.',
    };
  }
  return undefined;
}

interface Missed {
  readonly key: string;
  readonly severity: Severity;
  readonly text: string;
}

function missedObjectives(view: FoundIn): Missed[] {
  const { rto, rpo, applications } = measuredObjectives(view);
  const named = applications.length > 0 ? applications : [{ application: '', rto, rpo }];
  const rtos = named.flatMap(({ application, rto: { verdict, achievedMs, targetMs = 0 } }): Missed[] => {
    const who = application === '' ? 'The recovery' : `The recovery of ${application}`;
    const promised = formatDuration(targetMs);
    const key = application === '' ? 'rto' : `rto:${application}`;
    if (verdict === 'missed') {
      const took =
        achievedMs === undefined ? 'did not come to its end' : `took ${formatDuration(achievedMs)}`;
      return [{ key, severity: 'high', text: `${who} ${took}; ${promised} are promised.` }];
    }
    if (verdict !== 'notMeasured') return [];
    const text = `${who} was not measured, though ${promised} are promised. Mark the steps that lose and recover it (\`marks\`).`;
    return [{ key, severity: 'low', text }];
  });
  const promised = formatDuration(rpo.targetMs ?? 0);
  if (rpo.verdict === 'missed') {
    const text = `The oldest restore point was ${formatDuration(rpo.achievedMs ?? 0)} old; ${promised} are promised.`;
    return [...rtos, { key: 'rpo', severity: 'high', text }];
  }
  if (rpo.verdict !== 'notMeasured') return rtos;
  const text = `How old the restore points were is not known, though ${promised} are promised. Read it in the runbook (\`one.checkRpo\`).`;
  return [...rtos, { key: 'rpo', severity: 'low', text }];
}
