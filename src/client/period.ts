import { periodReport } from '../ledger/report/period-report.ts';
import { periodRunSchema } from '../ledger/report/period-run-schema.ts';
import type { KnownRunbook } from '../ledger/report/coverage.ts';
import type { PeriodReport, PeriodRun } from '../ledger/report/period-types.ts';
import { parseCheckpointText, parseNote } from '../ledger/index.ts';
import { without } from '../model/json.ts';
import type { CompiledRunbook } from '../model/runbook.ts';
import type { KeptRun, NamedRunbook, Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { Period } from './finding-requests.ts';
import { rootOf, type RunReportParts } from './run-reports.ts';

export interface PeriodParts extends RunReportParts {
  /** The runbooks that are published, with the SHA-256 of what they mean. */
  readonly published?: ReadonlyMap<string, string>;
}

/** The report of a period, from what is kept. @throws MusterError `report.refused` */
export async function reportOfPeriod({ from, to }: Period, parts: PeriodParts): Promise<PeriodReport> {
  const { stores, sealing, now } = parts;
  const madeAt = now();
  if (from >= to) throw new MusterError('report.refused', 'The period ends before it begins.');
  if (from >= madeAt) throw new MusterError('report.refused', 'The period has not begun.');
  const kept = await stores.runs.between(from, to);
  const executions = kept.flatMap(({ firstExecutionId = [] }) => firstExecutionId);
  const [findings, reviews, runbooks, sealed, ends] = await Promise.all([
    stores.findings.list(),
    stores.reviews.ofPeriod({ from, to, runs: executions }),
    knownRunbooks(Math.min(to, madeAt), parts),
    stores.ledger.checkpoint(),
    stores.ledger.endsOf(executions),
  ]);
  const size = sealed === undefined ? 0 : parseCheckpointText(parseNote(sealed.note).text).size;
  const found = new Map<string, number>();
  for (const { runId = '' } of findings) found.set(runId, (found.get(runId) ?? 0) + 1);
  const runs = kept.flatMap((run): PeriodRun[] => {
    const told = periodRunOfKept(run, runbooks);
    if (told === undefined) return [];
    const end = ends.get(run.firstExecutionId ?? '');
    return [{ ...told, findings: found.get(run.runId) ?? 0, isSealed: end !== undefined && end < size }];
  });
  return periodReport({
    madeAt,
    from,
    to,
    runs,
    runbooks,
    findings,
    reviews: reviews.map((review) => without(review, ['jws'])),
    ...(sealed !== undefined && { checkpoint: rootOf(sealed.note, sealing) }),
  });
}

/** What is kept of a run; undefined of one that was noted and never started. */
function periodRunOfKept(kept: KeptRun, runbooks: readonly KnownRunbook[]): PeriodRun | undefined {
  const { runId, runbook, mode, purpose, starter, startedAt, endedAt, outcome, achievedRtoMs } = kept;
  const read = periodRunSchema.safeParse(kept.summary);
  if (read.success) return { ...read.data, ...(endedAt !== undefined && { endedAt }) };
  if (kept.firstExecutionId === undefined && endedAt !== undefined) return undefined;
  // It goes on, or nobody can tell any more what it did: then only what was noted at its end is known.
  return {
    runId,
    runbook,
    title: runbooks.find(({ name }) => name === runbook)?.title ?? runbook,
    mode,
    purpose,
    starter,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    state: outcome ?? 'running',
    rto: { verdict: 'notPromised', ...(achievedRtoMs !== undefined && { achievedMs: achievedRtoMs }) },
    rpo: { verdict: 'notPromised' },
    approvals: 0,
    brokenGlass: 0,
    deviations: 0,
    findings: 0,
    checks: 0,
    isSwitched: false,
    isSealed: false,
  };
}

/** Every runbook that was ever started, is started by a schedule, or is published. */
async function knownRunbooks(before: number, { stores, published }: PeriodParts): Promise<KnownRunbook[]> {
  const [started, drills] = await Promise.all([stores.runs.runbooks(), stores.runs.lastGoodDrills(before)]);
  const digests = new Map(started.map(({ runbook, digest }) => [runbook, digest]));
  for (const [runbook, digest] of published ?? []) digests.set(runbook, digest);
  const last = new Map(drills.map((drill) => [drill.runbook, drill]));
  return Promise.all(
    [...digests].map(async ([runbook, digest]): Promise<KnownRunbook> => {
      const drill = last.get(runbook);
      return {
        ...(await promisesOf({ runbook, digest }, stores)),
        ...(drill !== undefined && { lastGoodDrill: { runId: drill.runId, startedAt: drill.startedAt } }),
      };
    }),
  );
}

/** What a runbook promises. One that was published and never started is known by its name only. */
async function promisesOf(
  { runbook, digest }: NamedRunbook,
  { contents }: Pick<Stores, 'contents'>,
): Promise<KnownRunbook> {
  const text = await contents.get(digest).catch(() => undefined);
  if (text === undefined) return { name: runbook, title: runbook };
  const { title, owner, objectives } = JSON.parse(text) as CompiledRunbook;
  return {
    name: runbook,
    title,
    ...(owner !== undefined && { owner }),
    ...(objectives?.drillEveryMs !== undefined && { drillEveryMs: objectives.drillEveryMs }),
  };
}
