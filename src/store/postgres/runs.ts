import { z } from 'zod';
import { MODES, PURPOSES } from '../../model/runbook.ts';
import type { KeptRun, RunStore } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { raiseIn } from './findings.ts';
import { entered } from './ledger.ts';
import { runRequested } from './ledger-entries.ts';
import { at, json, time } from './values.ts';

const OUTCOMES = ['succeeded', 'warned', 'failed', 'skipped', 'cancelled', 'rejected', 'terminated'] as const;

const runRow = z
  .object({
    run_id: z.string(),
    first_execution_id: z.string().nullable(),
    runbook: z.string(),
    digest: z.string(),
    mode: z.enum(MODES),
    purpose: z.enum(PURPOSES),
    starter: z.string(),
    started_at: time,
    ended_at: time.nullable(),
    outcome: z.enum(OUTCOMES).nullable(),
    achieved_rto_ms: z.coerce.number().nullable(),
    report_digest: z.string().nullable(),
    summary: json.nullable(),
  })
  .transform(
    ({
      run_id,
      first_execution_id,
      started_at,
      ended_at,
      outcome,
      achieved_rto_ms,
      report_digest,
      summary,
      ...same
    }): KeptRun => ({
      ...same,
      runId: run_id,
      startedAt: started_at,
      ...(first_execution_id === null ? {} : { firstExecutionId: first_execution_id }),
      ...(ended_at === null ? {} : { endedAt: ended_at }),
      ...(outcome === null ? {} : { outcome }),
      ...(achieved_rto_ms === null ? {} : { achievedRtoMs: achieved_rto_ms }),
      ...(report_digest === null ? {} : { reportDigest: report_digest }),
      ...(summary === null ? {} : { summary }),
    }),
  );
const runbookRow = z.object({ runbook: z.string(), digest: z.string() });

/** Runs as they are remembered, in the table `runs`. */
export function postgresRuns(database: Database): RunStore {
  return {
    begin: (run) =>
      entered(database, async (queries, enter) => {
        const { runId, firstExecutionId, runbook, digest, mode, purpose, starter, startedAt } = run;
        await queries.run(
          `INSERT INTO runs (run_id, runbook, digest, mode, purpose, starter, started_at, first_execution_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (run_id) DO UPDATE SET first_execution_id = excluded.first_execution_id
         WHERE runs.first_execution_id IS NULL`,
          [runId, runbook, digest, mode, purpose, starter, at(startedAt), firstExecutionId ?? null],
        );
        enter(runRequested(run));
      }),
    async end(runId, { endedAt, outcome, firstExecutionId, achievedRtoMs }) {
      await database.run(
        `UPDATE runs SET ended_at = $2, outcome = $3, first_execution_id = coalesce($4, first_execution_id),
                         achieved_rto_ms = $5
         WHERE run_id = $1 AND ended_at IS NULL`,
        [runId, at(endedAt), outcome, firstExecutionId ?? null, achievedRtoMs ?? null],
      );
    },
    open: () =>
      database.rows(runRow, 'SELECT * FROM runs WHERE ended_at IS NULL ORDER BY started_at, run_id'),
    list: (limit) =>
      database.rows(runRow, 'SELECT * FROM runs ORDER BY started_at DESC, run_id LIMIT $1', [limit]),
    async find(runId) {
      const [found] = await database.rows(runRow, 'SELECT * FROM runs WHERE run_id = $1', [runId]);
      return found;
    },
    async findExecution(firstExecutionId) {
      const [found] = await database.rows(runRow, 'SELECT * FROM runs WHERE first_execution_id = $1', [
        firstExecutionId,
      ]);
      return found;
    },
    async lastEnded(runbook, mode, before) {
      const [found] = await database.rows(
        runRow,
        `SELECT * FROM runs WHERE runbook = $1 AND mode = $2 AND ended_at IS NOT NULL
           AND ($3::timestamptz IS NULL OR started_at < $3 AND run_id <> $4)
         ORDER BY started_at DESC, run_id LIMIT 1`,
        [runbook, mode, before === undefined ? null : at(before.startedAt), before?.runId ?? null],
      );
      return found;
    },
    toSumUp: (now, limit) =>
      database.rows(
        runRow,
        `SELECT * FROM runs
         WHERE ended_at IS NOT NULL AND summary IS NULL AND (summary_due_at IS NULL OR summary_due_at <= $1)
         ORDER BY summary_tries, ended_at, run_id LIMIT $2`,
        [at(now), limit],
      ),
    sumUp: (runId, { summary, reportDigest, findings }) =>
      entered(database, async (queries, enter) => {
        const isFirst = await queries.run(
          'UPDATE runs SET summary = $2, report_digest = $3 WHERE run_id = $1 AND summary IS NULL',
          [runId, JSON.stringify(summary), reportDigest ?? null],
        );
        if (isFirst === 1) await raiseIn(queries, enter, findings);
      }),
    async sumUpLater(runId, now) {
      // Soon at first, since most often only a worker is away; in the end once an hour.
      await database.run(
        `UPDATE runs SET summary_tries = summary_tries + 1,
                         summary_due_at = $2::timestamptz + least(interval '1 hour', interval '2 seconds' * power(2, least(summary_tries, 12)))
         WHERE run_id = $1`,
        [runId, at(now)],
      );
    },
    between: (from, to) =>
      database.rows(
        runRow,
        'SELECT * FROM runs WHERE started_at >= $1 AND started_at < $2 ORDER BY started_at, run_id',
        [at(from), at(to)],
      ),
    lastGoodDrills: (before) =>
      database.rows(
        runRow,
        `SELECT DISTINCT ON (runbook) * FROM runs
         WHERE mode = 'drill' AND outcome IN ('succeeded', 'warned') AND started_at < $1
         ORDER BY runbook, started_at DESC, run_id`,
        [at(before)],
      ),
    runbooks: () =>
      database.rows(
        runbookRow,
        `SELECT DISTINCT ON (runbook) runbook, digest
         FROM (SELECT runbook, digest, started_at FROM runs
               UNION ALL SELECT runbook, digest, began_at FROM launches) AS started
         ORDER BY runbook, started_at DESC`,
      ),
  };
}
