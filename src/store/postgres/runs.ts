import { z } from 'zod';
import { MODES, PURPOSES } from '../../model/runbook.ts';
import type { KeptRun, RunStore } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { at, time } from './values.ts';

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
  })
  .transform(
    ({ run_id, first_execution_id, started_at, ended_at, outcome, achieved_rto_ms, ...same }): KeptRun => ({
      ...same,
      runId: run_id,
      startedAt: started_at,
      ...(first_execution_id === null ? {} : { firstExecutionId: first_execution_id }),
      ...(ended_at === null ? {} : { endedAt: ended_at }),
      ...(outcome === null ? {} : { outcome }),
      ...(achieved_rto_ms === null ? {} : { achievedRtoMs: achieved_rto_ms }),
    }),
  );

/** Runs as they are remembered, in the table `runs`. */
export function postgresRuns(database: Database): RunStore {
  return {
    async begin({ runId, firstExecutionId, runbook, digest, mode, purpose, starter, startedAt }) {
      await database.run(
        `INSERT INTO runs (run_id, runbook, digest, mode, purpose, starter, started_at, first_execution_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (run_id) DO UPDATE SET first_execution_id = excluded.first_execution_id
         WHERE runs.first_execution_id IS NULL`,
        [runId, runbook, digest, mode, purpose, starter, at(startedAt), firstExecutionId ?? null],
      );
    },
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
    async lastEnded(runbook, mode) {
      const [found] = await database.rows(
        runRow,
        `SELECT * FROM runs WHERE runbook = $1 AND mode = $2 AND ended_at IS NOT NULL
         ORDER BY started_at DESC, run_id LIMIT 1`,
        [runbook, mode],
      );
      return found;
    },
  };
}
