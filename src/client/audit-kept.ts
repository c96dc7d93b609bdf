import type { Control } from '../control/index.ts';
import { sha256 } from '../ledger/digest.ts';
import type { AuditFinding } from '../model/audit.ts';
import type { KeptAudit, Stores } from '../store/index.ts';

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

/** Notes how a run was found, raises what is new about it, and tells of it. */
export async function keepAudit(
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

/** What was found is a deficiency that somebody has to look at. */
async function raise(
  { runId, run, findings, auditedAt }: Parameters<typeof keepAudit>[0],
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
