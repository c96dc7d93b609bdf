import type { WholeRun } from '../control/index.ts';
import { parseEntry } from '../ledger/index.ts';
import { auditRun, type RunAudit } from '../ledger/audit/audit-run.ts';
import type { AuditFinding, AuditFound } from '../model/audit.ts';
import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { DueAudit, KeptAudit } from '../store/index.ts';
import { lookAtBegun, type Look } from './audit-begun.ts';
import { keepAudit, type AuditParts } from './audit-kept.ts';

export type { AuditAlarm, AuditParts } from './audit-kept.ts';

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
    await keepAudit(
      { runId, run, isFinal: true, findings: run === undefined ? [] : [GONE], auditedAt },
      parts,
    );
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
  await keepAudit(
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
  await keepAudit(
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
