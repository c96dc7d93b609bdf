import { stateOfFinding } from '../../model/findings.ts';
import type { ComparedFigure, ComparedStep, Comparison, RunReport } from './report-types.ts';

/** A difference below both is what steps differ by anyway. */
const MIN_DIFFERENCE_MS = 5_000;
const MIN_SHARE = 0.2;
/** Nobody reads more. */
const MAX_STEPS = 15;

type Compared = Omit<RunReport, 'comparison' | 'verdict'> & {
  readonly verdict: Pick<RunReport['verdict'], 'state'>;
};

/** This run beside the one before it of the same runbook. */
export function comparisonWith(before: RunReport, now: Compared): Comparison {
  const figure = (name: string, of: (report: Compared) => number | undefined): ComparedFigure => {
    const [then, today] = [of(before), of(now)];
    return {
      name,
      ...(then === undefined ? {} : { before: then }),
      ...(today === undefined ? {} : { now: today }),
    };
  };
  return {
    runId: before.run.runId,
    startedAt: before.run.startedAt,
    state: before.verdict.state,
    isSameRunbook: before.run.digest === now.run.digest,
    figures: [
      figure('Whole run', ({ time }) => time.totalMs),
      figure('Recovery time', ({ objectives }) => objectives.rto.achievedMs),
      figure('Recovery time without people', ({ objectives }) => objectives.rto.withoutPeopleMs),
      figure('Recovery point', ({ objectives }) => objectives.rpo.achievedMs),
      figure('People were waited for', ({ time }) => time.waitedForPeopleMs),
    ],
    steps: slowerAndFaster(before, now),
    changes: changesOf(before, now),
  };
}

function slowerAndFaster(before: RunReport, now: Compared): ComparedStep[] {
  const then = new Map(before.time.steps.map(({ path, tookMs }) => [path, tookMs]));
  return now.time.steps
    .flatMap(({ path, tookMs }): ComparedStep[] => {
      const beforeMs = then.get(path);
      return beforeMs === undefined ? [] : [{ path, beforeMs, nowMs: tookMs }];
    })
    .filter(({ beforeMs, nowMs }) => {
      const difference = Math.abs(nowMs - beforeMs);
      return difference >= MIN_DIFFERENCE_MS && difference >= MIN_SHARE * Math.max(beforeMs, nowMs);
    })
    .sort((a, b) => Math.abs(b.nowMs - b.beforeMs) - Math.abs(a.nowMs - a.beforeMs))
    .slice(0, MAX_STEPS);
}

/** What else is different, as sentences. */
function changesOf(before: RunReport, now: Compared): string[] {
  const outcomes = new Map(before.steps.map(({ path, outcome }) => [path, outcome]));
  const left = new Set(before.notRun.map(({ path }) => path));
  const known = new Set([...outcomes.keys(), ...left]);
  return [
    ...(before.run.digest === now.run.digest ? [] : ['The runbook has changed since.']),
    ...now.steps.flatMap(({ path, outcome }) => {
      const then = outcomes.get(path);
      if (left.has(path)) return [`${path} ran this time.`];
      if (!known.has(path)) return [`${path} is new.`];
      return then === outcome || outcome === undefined
        ? []
        : [`${path} ended as ${outcome}, before as ${then ?? '-'}.`];
    }),
    ...now.notRun.flatMap(({ path }) => (outcomes.has(path) ? [`${path} did not run this time.`] : [])),
    ...before.findings.flatMap((finding) =>
      stateOfFinding(finding, now.madeAt) === 'closed'
        ? []
        : [`Then found, and not closed in that report: ${finding.text}`],
    ),
  ];
}
