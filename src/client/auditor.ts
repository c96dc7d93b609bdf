import { isRunId, type BegunExecution, type Control, type WholeRun } from '../control/index.ts';
import { sha256 } from '../ledger/digest.ts';
import { parseEntry } from '../ledger/index.ts';
import { auditRun, type RunAudit } from '../ledger/audit/audit-run.ts';
import type { AuditFinding, AuditFound } from '../model/audit.ts';
import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { DueAudit, KeptAudit, Stores } from '../store/index.ts';

/** What was written last may be on its way. */
const SETTLED_AFTER_MS = 5_000;
/** How often a run that goes on is looked at: long before Temporal drops a part of it. */
const OPEN_EVERY_MS = 24 * 3_600_000;
/** What the ledger lacks has so long to come. */
const LATE_AFTER_MS = 5 * 60_000;
const LACKING: ReadonlySet<AuditFound> = new Set(['gap', 'stepUnrecorded', 'effectWithoutIntent']);
/** Looked at in one go. */
const RUNS_PER_GO = 50;
/** After which a run is tried again that could not be read. */
const TRY_AGAIN_MS = 10 * 60_000;
/** The list of Temporal learns late of what began. */
const LIST_LAG_MS = 10 * 60_000;
/** A run that has started another one says so in its own history a little later. Less than the lag, or it is never asked. */
const NAMED_AFTER_MS = 30_000;

/** What an audit has found anew of one run. */
export interface AuditAlarm {
  readonly runId: string;
  readonly run?: string;
  readonly findings: readonly AuditFinding[];
}

export interface AuditParts {
  readonly control: Pick<Control, 'everything' | 'begun'>;
  readonly stores: Pick<Stores, 'audits' | 'ledger' | 'runs' | 'retention' | 'findings'>;
  /** Told of everything that is found, once. */
  readonly onFound: (alarm: AuditAlarm) => Promise<void> | void;
  readonly now: () => number;
}

/** Compares what Temporal has with the ledger, again and again. */
export interface Auditor {
  /**
   * Looks at all runs that are due, and at what began that muster did not begin. The signal ends it between two runs.
   *
   * @returns how many runs it looked at
   * @throws AggregateError of what could not be read, once everything else was looked at
   */
  look(options?: { readonly signal?: AbortSignal }): Promise<number>;
  /** Looks at one run now. */
  lookAt(due: DueAudit): Promise<void>;
}

/** Makes the auditor. Several may work side by side: what they find is entered once. */
export function createAuditor(parts: AuditParts): Auditor {
  const { control, stores, now } = parts;
  /** Since when what began has not been looked at; all at first. */
  let since = 0;
  /** Until when runs that could not be read are left alone, in milliseconds since 1970. */
  const putOff = new Map<string, number>();
  const lookAt = (due: DueAudit): Promise<void> => auditOne(due, parts);
  return {
    lookAt,
    async look({ signal } = {}) {
      const startedAt = now();
      const troubles: unknown[] = [];
      let looked = 0;
      const look: Look = async (one) => {
        await lookAt(one);
        looked += 1;
      };
      const isStopped = (): boolean => signal?.aborted === true;
      /** One that cannot be read keeps nobody from looking at the others. */
      const attempt = async (runId: string, work: () => Promise<void>): Promise<boolean> => {
        if ((putOff.get(runId) ?? 0) > now()) return false;
        try {
          await work();
          putOff.delete(runId);
          return true;
        } catch (error) {
          putOff.set(runId, now() + TRY_AGAIN_MS);
          troubles.push(error);
          return false;
        }
      };
      try {
        let isAllSeen = true;
        for (const begun of await control.begun(since)) {
          if (isStopped()) return looked;
          if (!(await attempt(begun.runId, () => lookAtBegun(begun, parts, look)))) isAllSeen = false;
        }
        if (isAllSeen) since = startedAt - LIST_LAG_MS;
      } catch (error) {
        troubles.push(error);
      }
      const due = await stores.audits.due({
        endedBefore: now() - SETTLED_AFTER_MS,
        openSince: now() - OPEN_EVERY_MS,
        limit: RUNS_PER_GO,
      });
      for (const one of due) {
        if (isStopped()) break;
        await attempt(one.runId, () => look(one));
      }
      if (troubles.length > 0) {
        throw new AggregateError(troubles, `What was to be audited could not be read: ${troubles.length}`);
      }
      return looked;
    },
  };
}

type Look = (due: DueAudit) => Promise<void>;

/** What has begun is of a run that is looked at anyway, or is looked at now. */
async function lookAtBegun(begun: BegunExecution, parts: AuditParts, look: Look): Promise<void> {
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

async function auditOne({ runId, run: first }: DueAudit, parts: AuditParts): Promise<void> {
  const { control, stores, now } = parts;
  const known = await stores.audits.find(runId);
  const { executions, missing, isOpen } = await control.everything(runId);
  const run = first ?? known?.run ?? executions[0]?.executionId;
  if (run !== undefined && (await stores.retention.isPruned(run))) {
    await auditPruned({ runId, run, known, executions }, parts);
    return;
  }
  const auditedAt = now();
  if (executions.length === 0 || run === undefined) {
    await kept({ runId, run, isFinal: true, findings: run === undefined ? [] : [GONE], auditedAt }, parts);
    return;
  }
  // After the histories: what they show is entered by then.
  const { entries, unread } = await entriesOf(run, stores);
  const before = new Set(known?.executions);
  const audit = auditRun({
    run,
    executions,
    lost: missing.filter((id) => !before.has(id)),
    readBefore: missing.filter((id) => before.has(id)),
    isOpen,
    entries,
    ...(known?.parent === undefined ? {} : { parent: known.parent }),
  });
  await expectChildren(runId, audit, parts);
  const found = [...unread, ...audit.findings];
  // What the ledger lacks may be on its way, from a file that was written ahead: it counts when it is found again later, and
  // only of a run that had ended at both looks, since one that goes on writes all the time.
  const lookedAt = known?.auditedAt;
  const isSecondLook =
    !isOpen &&
    lookedAt !== undefined &&
    auditedAt - lookedAt >= LATE_AFTER_MS &&
    lookedAt > Math.max(audit.lastEventAt, (await stores.runs.find(runId))?.endedAt ?? 0);
  const counting = isSecondLook ? found : found.filter((one) => !LACKING.has(one.found));
  await kept(
    {
      runId,
      run,
      isFinal: !isOpen && counting.length === found.length,
      auditedAt,
      historyDigest: audit.historyDigest,
      executions: executions.map(({ executionId }) => executionId),
      findings: counting,
    },
    parts,
  );
}

/** What is found without the entries of a run. */
const WITHOUT_ENTRIES: ReadonlySet<AuditFound> = new Set(['reset', 'foreignRun']);

/**
 * There is nothing left to compare it with: what was found of it stays, and it is due no more. What has begun under its name
 * since it was read is found all the same.
 */
async function auditPruned(
  {
    runId,
    run,
    known,
    executions,
  }: Pick<WholeRun, 'executions'> & {
    readonly runId: string;
    readonly run: string;
    readonly known: KeptAudit | undefined;
  },
  parts: AuditParts,
): Promise<void> {
  const before = new Set(known?.executions);
  const fresh = executions.filter(({ executionId }) => !before.has(executionId));
  const audit = auditRun({ run, executions: fresh, lost: [], readBefore: [], isOpen: true, entries: [] });
  await expectChildren(runId, audit, parts);
  const shown = audit.findings.filter(({ found }) => WITHOUT_ENTRIES.has(found));
  const told = new Set(shown.map(({ where }) => where.split('/')[0]));
  // Of one that was never read nobody knows which of its executions are its own.
  const others = before.size === 0 ? [] : fresh.filter(({ executionId }) => !told.has(executionId));
  const findings = [...shown, ...others.map(({ executionId }) => begunSince(executionId))];
  if (findings.length === 0 && known?.isFinal === true) return;
  const historyDigest = findings.length === 0 ? known?.historyDigest : audit.historyDigest;
  await kept(
    {
      runId,
      // Nothing is entered of one that is only put away: nobody has compared it.
      run: findings.length === 0 ? undefined : run,
      isFinal: true,
      auditedAt: parts.now(),
      ...(historyDigest !== undefined && { historyDigest }),
      executions: executions.map(({ executionId }) => executionId),
      findings,
    },
    parts,
  );
}

function begunSince(executionId: string): AuditFinding {
  const says = `The execution ${executionId} of the run has begun since it was audited for the last time.`;
  return { found: 'foreignRun', where: executionId, says };
}

const GONE: AuditFinding = {
  found: 'historyMissing',
  where: 'history',
  says: 'Temporal no longer has the run: it was deleted, or dropped before it was looked at.',
};

async function expectChildren(parent: string, { children }: RunAudit, parts: AuditParts): Promise<void> {
  if (children.length === 0) return;
  await parts.stores.audits.expect(
    children.map((child) => ({ ...child, parent })),
    parts.now(),
  );
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
  await kept({ runId, run: executionId, isFinal: true, findings, auditedAt: now() }, parts);
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

async function kept(
  audit: Partial<Pick<KeptAudit, 'historyDigest' | 'executions'>> & {
    readonly runId: string;
    readonly run: string | undefined;
    readonly isFinal: boolean;
    readonly findings: readonly AuditFinding[];
    readonly auditedAt: number;
  },
  { stores, onFound }: AuditParts,
): Promise<void> {
  const { runId, run, executions = [], ...same } = audit;
  const of = { runId, ...(run === undefined ? {} : { run }) };
  // First, and under names that stay the same: what is noted as found has been raised.
  await raise(audit, stores);
  const findings = await stores.audits.keep({ ...same, ...of, executions });
  if (findings.length > 0) await onFound({ ...of, findings });
}

async function entriesOf(
  run: string,
  { ledger }: AuditParts['stores'],
): Promise<{ readonly entries: readonly LedgerEntry[]; readonly unread: readonly AuditFinding[] }> {
  const entries: LedgerEntry[] = [];
  const unread: AuditFinding[] = [];
  for (const { position, text } of await ledger.ofRun(run)) {
    try {
      entries.push(parseEntry(text, position));
    } catch {
      const says = `The entry ${position} of the ledger cannot be read: it was changed.`;
      unread.push({ found: 'gap', where: `entry/${position}`, says });
    }
  }
  return { entries, unread };
}

/** What was found is a deficiency that somebody has to look at. */
async function raise(
  { runId, run, findings, auditedAt }: Parameters<typeof kept>[0],
  stores: AuditParts['stores'],
): Promise<void> {
  if (findings.length === 0) return;
  const runbook = (await stores.runs.find(runId))?.runbook;
  await stores.findings.raise(
    findings.map(({ found, where, says }) => ({
      ...(run !== undefined && { run }),
      finding: {
        id: `${runId}:audit:${found}-${sha256(where).slice(0, 8)}`,
        runId,
        ...(runbook !== undefined && { runbook }),
        raisedBy: 'audit',
        raisedAt: auditedAt,
        text: says,
        severity: 'high',
      },
    })),
  );
}
