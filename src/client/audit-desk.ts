import type { Control } from '../control/index.ts';
import { assertMay, mayDo } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import type { AuditFinding } from '../model/audit.ts';
import { without } from '../model/json.ts';
import type { KeptAudit, Stores } from '../store/index.ts';
import { createAuditor, type AuditAlarm } from './auditor.ts';
import { MusterError } from './errors.ts';
import type { Muster } from './muster.ts';
import { translated } from './translate-error.ts';

/** What the audit of one run has found. */
export interface AuditView {
  readonly runId: string;
  /** Absent for a run that muster has not begun, or that a step of another run has. */
  readonly runbook?: string;
  /** The run that has started it. */
  readonly parent?: string;
  /** Milliseconds since 1970; absent: nobody has looked at it yet, or it had ended before there were audits. */
  readonly auditedAt?: number;
  /** Whether the run had ended then. */
  readonly isFinal: boolean;
  /** SHA-256 of the canonical JSON of its histories. */
  readonly historyDigest?: string;
  readonly findings: readonly AuditFinding[];
}

interface DeskParts {
  readonly control: Control;
  readonly actor: () => Promise<Actor>;
  readonly stores: Pick<Stores, 'audits' | 'ledger' | 'runs' | 'retention' | 'findings'>;
  readonly now: () => number;
  /** Told of what is found when somebody asks for an audit. */
  readonly onFound?: (alarm: AuditAlarm) => Promise<void> | void;
}

/** The latest of what may be many. */
const MAX_AUDITS = 1_000;

/** What was found where Temporal and the ledger were compared. */
export function createAuditDesk({
  control,
  actor: actorNow,
  stores,
  now,
  onFound = () => undefined,
}: DeskParts): Pick<Muster, 'audits' | 'audit'> {
  const auditor = createAuditor({ control, stores, now, onFound });

  const viewOf = async (audit: KeptAudit): Promise<AuditView> => {
    const runbook = (await stores.runs.find(audit.runId))?.runbook;
    return { ...without(audit, ['executions', 'run']), ...(runbook !== undefined && { runbook }) };
  };

  /** @throws MusterError `run.notFound` */
  const knownRun = async (runId: string, actor: Actor, action: 'evidence.read' | 'ledger.audit') => {
    const [run, audit] = await Promise.all([stores.runs.find(runId), stores.audits.find(runId)]);
    // Nobody knows the runbook of a run that muster has not begun: it concerns all of them.
    assertMay(actor, action, run === undefined ? {} : { runbook: run.runbook });
    if (run === undefined && audit === undefined) throw new MusterError('run.notFound');
    return { run, audit };
  };

  return {
    async audits({ runId } = {}) {
      const actor = await actorNow();
      if (runId === undefined) {
        const all = await Promise.all((await stores.audits.list(MAX_AUDITS)).map(viewOf));
        return all.filter(({ runbook }) =>
          mayDo(actor, 'evidence.read', runbook === undefined ? {} : { runbook }),
        );
      }
      const { audit } = await knownRun(runId, actor, 'evidence.read');
      return [await viewOf(audit ?? { runId, isFinal: false, executions: [], findings: [] })];
    },

    async audit({ runId }) {
      const { run } = await knownRun(runId, await actorNow(), 'ledger.audit');
      const first = run?.firstExecutionId;
      await translated(() => auditor.lookAt({ runId, ...(first !== undefined && { run: first }) }));
      const audit = await stores.audits.find(runId);
      return viewOf(audit ?? { runId, isFinal: false, executions: [], findings: [] });
    },
  };
}
