import { isRunId, type BegunExecution } from '../control/index.ts';
import type { AuditFinding } from '../model/audit.ts';
import type { DueAudit } from '../store/index.ts';
import { keepAudit, type AuditParts } from './audit-kept.ts';

/** A run that has started another one says so in its own history a little later. Less than the lag, or it is never asked. */
const NAMED_AFTER_MS = 30_000;

/** Looks at one run now. */
export type Look = (due: DueAudit) => Promise<void>;

/** What has begun is of a run that is looked at anyway, or is looked at now. */
export async function lookAtBegun(begun: BegunExecution, parts: AuditParts, look: Look): Promise<void> {
  const { stores } = parts;
  const { runId, executionId, startedAt } = begun;
  const known = isRunId(runId) ? await stores.runs.find(runId) : undefined;
  const audit = await stores.audits.find(runId);
  if (known === undefined && audit?.parent === undefined) {
    if (audit === undefined) await noteUnknown(begun, parts, look);
    return;
  }
  if (audit?.isFinal !== true) return;
  // Of what had ended before there were audits, nobody has read the executions.
  const isNew =
    audit.auditedAt === undefined
      ? known?.endedAt !== undefined && startedAt > known.endedAt
      : !audit.executions.includes(executionId);
  if (isNew) await look({ runId, run: known?.firstExecutionId ?? audit.run ?? executionId });
}

/** A run that muster has not begun: one that a run of muster has started stands in the history of that, or it is foreign. */
async function noteUnknown(begun: BegunExecution, parts: AuditParts, look: Look): Promise<void> {
  const { stores, now } = parts;
  const { runId, executionId, parent } = begun;
  if (parent !== undefined) {
    if (begun.startedAt > now() - NAMED_AFTER_MS) return;
    if (await isLongOver(parent, begun, parts)) return;
    await lookAtAncestors(parent, parts, look);
    if ((await stores.audits.find(runId)) !== undefined) return;
  }
  const findings: readonly AuditFinding[] = [
    {
      found: 'foreignRun',
      where: executionId,
      says: 'It was started behind the back of muster: nobody who may start runs has asked for it.',
    },
  ];
  await keepAudit({ runId, run: executionId, isFinal: true, findings, auditedAt: now() }, parts);
}

/** Whether the run is gone to which it says it belongs, or had ended before there were audits: nobody can tell any more. */
async function isLongOver(
  parent: string,
  { startedAt }: BegunExecution,
  { stores }: AuditParts,
): Promise<boolean> {
  const [root = ''] = parent.split('.');
  const run = isRunId(root) ? await stores.runs.find(root) : undefined;
  if (run?.endedAt === undefined || startedAt > run.endedAt) return false;
  const audit = await stores.audits.find(root);
  if (audit?.isFinal === true && audit.auditedAt === undefined) return true;
  return run.firstExecutionId !== undefined && (await stores.retention.isPruned(run.firstExecutionId));
}

/** Looks at a run and at those above it that muster knows, so that what they have started is known, too. Their names tell. */
async function lookAtAncestors(parent: string, { stores }: AuditParts, look: Look): Promise<void> {
  const names = parent.split('.');
  for (let length = 1; length <= names.length; length += 1) {
    const runId = names.slice(0, length).join('.');
    if (!isRunId(runId)) continue;
    const [known, audit] = [await stores.runs.find(runId), await stores.audits.find(runId)];
    const isOurs = known !== undefined || audit?.parent !== undefined;
    // What is final has named all that it started.
    if (!isOurs || audit?.isFinal === true) continue;
    const run = known?.firstExecutionId ?? audit?.run;
    await look({ runId, ...(run !== undefined && { run }) });
  }
}
