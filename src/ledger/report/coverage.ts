import type { Coverage, CoverageState, PeriodRun } from './period-types.ts';

/** What is taken where a runbook promises no interval: the longest that any of the frameworks allows. */
const YEAR_MS = 365 * 86_400_000;
const ORDER: readonly CoverageState[] = ['never', 'failed', 'overdue', 'drilled'];

/** A runbook that is to be practised. */
export interface KnownRunbook {
  readonly name: string;
  readonly title: string;
  readonly owner?: string;
  readonly drillEveryMs?: number;
  /** The newest drill of it that ended well, also from before the period. */
  readonly lastGoodDrill?: { readonly runId: string; readonly startedAt: number };
}

/** Which runbooks were drilled within their interval, and which were not; what is missing first. */
export function coverageOf(
  runbooks: readonly KnownRunbook[],
  runs: readonly PeriodRun[],
  { to }: { readonly to: number },
): Coverage[] {
  return runbooks
    .map((runbook) =>
      coverage(
        runbook,
        runs.filter((run) => run.runbook === runbook.name && run.mode === 'drill'),
        to,
      ),
    )
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.runbook < b.runbook ? -1 : 1));
}

function coverage(runbook: KnownRunbook, drills: readonly PeriodRun[], to: number): Coverage {
  const { name, title, owner, drillEveryMs, lastGoodDrill } = runbook;
  const intervalMs = drillEveryMs ?? YEAR_MS;
  const good = drills.filter(isGood).map(({ runId, startedAt }) => ({ runId, startedAt }));
  const known = [...good, ...(lastGoodDrill === undefined ? [] : [lastGoodDrill])].filter(
    ({ startedAt }) => startedAt <= to,
  );
  const lastGood = known.sort((a, b) => b.startedAt - a.startedAt)[0];
  const dueAt = lastGood === undefined ? undefined : lastGood.startedAt + intervalMs;
  const isInTime = dueAt !== undefined && dueAt >= to;
  const late: CoverageState = drills.length > 0 ? 'failed' : lastGood === undefined ? 'never' : 'overdue';
  // One that ended well in the period and is too old by its end is late, not failed.
  const state = isInTime ? 'drilled' : good.length > 0 ? 'overdue' : late;
  return {
    runbook: name,
    title,
    ...(owner === undefined ? {} : { owner }),
    state,
    intervalMs,
    isYearAssumed: drillEveryMs === undefined,
    drills: drills.length,
    ...(lastGood === undefined ? {} : { lastGood }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
}

/** Whether a run ended well, with warnings or without. */
export function isGood({ state }: Pick<PeriodRun, 'state'>): boolean {
  return state === 'succeeded' || state === 'warned';
}
