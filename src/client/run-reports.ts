import { openCheckpoint, type Sealing } from '../ledger/index.ts';
import { findingsAt, runReport } from '../ledger/report/run-report.ts';
import { REPORT_VERSION, type ReportCheckpoint, type RunReport } from '../ledger/report/report-types.ts';
import type { Control } from '../control/index.ts';
import type { CompiledRunbook } from '../model/runbook.ts';
import type { KeptRun, Stores } from '../store/index.ts';
import { without } from '../model/json.ts';
import { MusterError } from './errors.ts';
import type { RunView } from './muster.ts';
import { viewOf } from './run-view.ts';
import { translated } from './translate-error.ts';

/** What reports of runs are made from. */
export interface RunReportParts {
  readonly control: Control;
  readonly stores: Pick<
    Stores,
    'contents' | 'gates' | 'refusals' | 'ledger' | 'runs' | 'notes' | 'findings' | 'reviews'
  >;
  readonly sealing: Pick<Sealing, 'origin' | 'key' | 'known'>;
  readonly now: () => number;
}

/** A run as somebody may see it: as it stands, or what is kept of it after Temporal has forgotten it. */
export type ReportableRun =
  { readonly runbook: string; readonly view: RunView } | { readonly runbook: string; readonly kept: KeptRun };

/** @throws MusterError `run.notFound` */
export async function reportableRun(
  runId: string,
  { control, stores }: RunReportParts,
): Promise<ReportableRun> {
  try {
    const view = await translated(() => viewOf(runId, control));
    return { runbook: view.timeline.run.runbook, view };
  } catch (error) {
    if (!(error instanceof MusterError) || error.code !== 'run.notFound') throw error;
    const kept = await stores.runs.find(runId);
    if (kept?.reportDigest === undefined) throw error;
    return { runbook: kept.runbook, kept };
  }
}

/** The report of a run, with everything that was kept of it since. */
export async function reportOfRun(run: ReportableRun, parts: RunReportParts): Promise<RunReport> {
  return 'view' in run ? reportOfView(run.view, parts) : againNow(run.kept, parts);
}

async function reportOfView(view: RunView, parts: RunReportParts): Promise<RunReport> {
  const { stores, now } = parts;
  const { run: about, startedAt } = view.timeline;
  const { firstExecutionId: run, runbookDigest, runId } = about;
  const [gates, total, latest, runbook, since, previous] = await Promise.all([
    stores.gates.ofRun(run),
    stores.refusals.count(run),
    stores.refusals.of(run, 200),
    stores.contents.get(runbookDigest),
    keptSince({ runId, run }, parts),
    reportBefore({ ...about, startedAt }, parts),
  ]);
  return runReport({
    madeAt: now(),
    view,
    gates,
    refusals: { total, latest },
    runbook: JSON.parse(runbook) as CompiledRunbook,
    ...since,
    ...(previous !== undefined && { previous }),
  });
}

/** The report that was made right after the run, with what people have added to it. */
async function againNow(kept: KeptRun, parts: RunReportParts): Promise<RunReport> {
  const { runId, firstExecutionId: run = '' } = kept;
  const report = await keptReport(kept, parts);
  if (report === undefined) throw new MusterError('run.notFound', `Nothing is kept of ${runId} any more.`);
  const madeAt = parts.now();
  const { notes, findings, reviews, checkpoint } = await keptSince({ runId, run }, parts);
  return {
    ...report,
    madeAt,
    notes,
    reviews,
    findings: findingsAt(findings, madeAt),
    ...(checkpoint !== undefined && { checkpoint }),
  };
}

async function keptSince(
  { runId, run }: { readonly runId: string; readonly run: string },
  { stores, sealing }: RunReportParts,
) {
  const [notes, findings, reviews, sealed] = await Promise.all([
    stores.notes.ofRun(run),
    stores.findings.list({ runId }),
    stores.reviews.ofRun(run),
    stores.ledger.checkpoint(),
  ]);
  return {
    notes,
    findings,
    reviews: reviews.map((review) => without(review, ['jws'])),
    ...(sealed !== undefined && { checkpoint: rootOf(sealed.note, sealing) }),
  };
}

/** What stands in a checkpoint. */
export function rootOf(
  note: string,
  { origin, key, known = [key] }: RunReportParts['sealing'],
): ReportCheckpoint {
  const { checkpoint } = openCheckpoint(note, { origin, ledger: known });
  const { size, root } = checkpoint;
  return { origin, size, root: Buffer.from(root).toString('base64') };
}

/** The report of the run before, with its findings as they stand now. Without one there is nothing to compare with. */
async function reportBefore(
  { runId, runbook, mode, startedAt }: Pick<KeptRun, 'runId' | 'runbook' | 'mode' | 'startedAt'>,
  parts: RunReportParts,
): Promise<RunReport | undefined> {
  const before = await parts.stores.runs.lastEnded(runbook, mode, { runId, startedAt });
  const report = before === undefined ? undefined : await keptReport(before, parts);
  if (report === undefined) return undefined;
  const findings = await parts.stores.findings.list({ runId: report.run.runId });
  return { ...report, findings: findingsAt(findings, parts.now()) };
}

async function keptReport(
  { reportDigest }: Pick<KeptRun, 'reportDigest'>,
  { stores }: RunReportParts,
): Promise<RunReport | undefined> {
  if (reportDigest === undefined) return undefined;
  // What has been pruned is gone for good.
  const text = await stores.contents.get(reportDigest).catch(() => undefined);
  const report = text === undefined ? undefined : (JSON.parse(text) as RunReport);
  return report?.schema === REPORT_VERSION ? report : undefined;
}
