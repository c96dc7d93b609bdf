import { z } from 'zod';
import { AUDIT_FOUND, type AuditFinding, type AuditFound } from '../../model/audit.ts';
import type { AuditStore, KeptAudit } from '../audit-contracts.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { audited } from './ledger-entries.ts';
import { at, time } from './values.ts';

type Found = Exclude<AuditFound, 'complete'>;
const finding = z.object({
  found: z.enum(AUDIT_FOUND).refine((found): found is Found => found !== 'complete'),
  where: z.string(),
  says: z.string(),
}) satisfies z.ZodType<AuditFinding>;

const auditRow = z
  .object({
    run_id: z.string(),
    run: z.string().nullable(),
    parent: z.string().nullable(),
    audited_at: time.nullable(),
    is_final: z.boolean(),
    history_digest: z.string().nullable(),
    executions: z.array(z.string()),
    findings: z.array(finding),
  })
  .transform(({ run_id, run, parent, audited_at, is_final, history_digest, ...same }): KeptAudit => ({
    ...same,
    runId: run_id,
    isFinal: is_final,
    ...(run === null ? {} : { run }),
    ...(parent === null ? {} : { parent }),
    ...(audited_at === null ? {} : { auditedAt: audited_at }),
    ...(history_digest === null ? {} : { historyDigest: history_digest }),
  }));
const dueRow = z
  .object({ run_id: z.string(), run: z.string().nullable() })
  .transform(({ run_id, run }) => ({ runId: run_id, ...(run === null ? {} : { run }) }));
const knownRow = z.object({ executions: z.array(z.string()), findings: z.array(finding) });

/** One that went on when it was looked at is looked at again so much later, once it is due. */
const AGAIN_AFTER_MS = 10 * 60_000;

const COLUMNS = 'run_id, run, parent, audited_at, is_final, history_digest, executions, findings';

/** Audits of runs, in the table `audits`. */
export function postgresAudits(database: Database): AuditStore {
  return {
    due: ({ endedBefore, openSince, limit }) =>
      database.rows(
        dueRow,
        `SELECT run_id, run FROM (
           SELECT r.run_id, r.first_execution_id AS run, r.started_at AS since
           FROM runs AS r LEFT JOIN audits AS a ON a.run_id = r.run_id
           WHERE NOT coalesce(a.is_final, false)
             AND CASE WHEN r.ended_at IS NULL
                   THEN r.started_at < $2 AND coalesce(a.audited_at, r.started_at) < $2
                   ELSE r.ended_at < $1 AND coalesce(a.audited_at < $4, true) END
           UNION ALL
           SELECT a.run_id, a.run, a.seen_at FROM audits AS a
           WHERE NOT a.is_final AND a.seen_at < $1
             AND coalesce(a.audited_at < $4, true)
             AND NOT EXISTS (SELECT FROM runs AS r WHERE r.run_id = a.run_id)
         ) AS due ORDER BY since, run_id LIMIT $3`,
        [at(endedBefore), at(openSince), limit, at(endedBefore - AGAIN_AFTER_MS)],
      ),
    async expect(runs, seenAt) {
      await database.run(
        `INSERT INTO audits (run_id, run, parent, seen_at)
         SELECT "runId", run, parent, $2 FROM json_to_recordset($1) AS r ("runId" text, run text, parent text)
         ON CONFLICT (run_id) DO NOTHING`,
        [JSON.stringify(runs), at(seenAt)],
      );
    },
    keep: (audit) =>
      entered(database, async (queries, enter) => {
        const { runId, run, parent, auditedAt, isFinal, historyDigest } = audit;
        await queries.run(
          `INSERT INTO audits (run_id, run, parent, seen_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
          [runId, run ?? null, parent ?? null, at(auditedAt)],
        );
        const [known] = await queries.rows(
          knownRow,
          'SELECT executions, findings FROM audits WHERE run_id = $1 FOR UPDATE',
          [runId],
        );
        const { executions = [], findings = [] } = known ?? {};
        const names = new Set(findings.map(nameOf));
        const fresh = audit.findings.filter((one) => !names.has(nameOf(one)));
        const all = [...findings, ...fresh];
        await queries.run(
          `UPDATE audits SET audited_at = $2, is_final = $3, history_digest = $4, executions = $5, findings = $6,
                             run = coalesce(run, $7), seen_at = $2
           WHERE run_id = $1`,
          [
            runId,
            at(auditedAt),
            isFinal,
            historyDigest ?? null,
            JSON.stringify([...new Set([...executions, ...audit.executions])]),
            JSON.stringify(all),
            run ?? null,
          ],
        );
        if (run === undefined) return fresh;
        const told = historyDigest === undefined ? {} : { historyDigest };
        for (const { found, where } of fresh) {
          enter(audited({ run, found, detail: where, ...told }, auditedAt));
        }
        if (isFinal && all.length === 0) enter(audited({ run, found: 'complete', ...told }, auditedAt));
        return fresh;
      }),
    async find(runId) {
      const [found] = await database.rows(auditRow, `SELECT ${COLUMNS} FROM audits WHERE run_id = $1`, [
        runId,
      ]);
      return found;
    },
    list: (limit) =>
      database.rows(
        auditRow,
        `SELECT ${COLUMNS} FROM audits WHERE audited_at IS NOT NULL ORDER BY audited_at DESC, run_id LIMIT $1`,
        [limit],
      ),
  };
}

function nameOf({ found, where }: AuditFinding): string {
  return `${found} ${where}`;
}
