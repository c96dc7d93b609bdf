import { periodRunOf } from '../ledger/report/period-report.ts';
import { canonicalJson, without, type JsonObject } from '../model/json.ts';
import type { KeptRun, NewFinding } from '../store/index.ts';
import { MusterError } from './errors.ts';
import { reportableRun, reportOfRun, type RunReportParts } from './run-reports.ts';

/** So many at a time: whoever was away for long does not hold up everything else. */
const MAX_AT_ONCE = 20;

/**
 * Keeps what ended runs came to: their report, what reports of periods say of them, and the findings that they have raised.
 * It may be done again, and by several at once. A run that cannot be asked now is asked later.
 *
 * @returns how many were summed up
 * @throws AggregateError of what went wrong with some; they are tried again later, the others are done
 */
export async function sumUpRuns(
  parts: RunReportParts,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  const { stores, now } = parts;
  let done = 0;
  const troubles: unknown[] = [];
  for (const run of await stores.runs.toSumUp(now(), MAX_AT_ONCE)) {
    if (signal?.aborted === true) break;
    const isDone = await sumUp(run, parts).catch((error: unknown) => {
      troubles.push(error);
      return false;
    });
    if (isDone) done += 1;
    else await stores.runs.sumUpLater(run.runId, now());
  }
  if (troubles.length > 0) {
    throw new AggregateError(troubles, `${troubles.length} runs could not be summed up`);
  }
  return done;
}

async function sumUp(kept: KeptRun, parts: RunReportParts): Promise<boolean> {
  const { runId } = kept;
  const { contents, runs } = parts.stores;
  const run = await reportableRun(runId, parts).catch((error: unknown) => {
    if (!(error instanceof MusterError)) throw error;
    return error;
  });
  if (run instanceof MusterError) {
    if (run.code !== 'run.notFound') return false;
    // Temporal has forgotten it, or never knew it.
    await runs.sumUp(runId, { summary: { told: false }, findings: [] });
    return true;
  }
  const report = await reportOfRun(run, parts);
  const { firstExecutionId } = report.run;
  const findings = report.findings
    .filter(({ raisedByPerson }) => raisedByPerson === undefined)
    .map((finding): NewFinding => ({
      finding: without(finding, ['state', 'history']),
      run: firstExecutionId,
    }));
  const reportDigest = await contents.put(canonicalJson(report));
  const summary = JSON.parse(canonicalJson(periodRunOf(report))) as JsonObject;
  await runs.sumUp(runId, { summary, reportDigest, findings });
  return true;
}
