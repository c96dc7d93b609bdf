import { z } from 'zod';
import { MODES } from '../../model/runbook.ts';
import type { Launch, LaunchStore, NotStartedCode } from '../launch-contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Finding } from '../../model/findings.ts';
import type { Database } from './database.ts';
import { raiseIn } from './findings.ts';
import { entered } from './ledger.ts';
import { at, time } from './values.ts';

const CODES = ['frozen', 'overlap', 'late', 'edited', 'refused'] as const satisfies NotStartedCode[];
const MAX_REASON = 2_000;
const COLUMNS = 'id, schedule, runbook, digest, mode, scheduled_at, began_at, run_id, outcome, code, reason';

const launchRow = z
  .object({
    id: z.string(),
    schedule: z.string(),
    runbook: z.string(),
    digest: z.string(),
    mode: z.enum(MODES),
    scheduled_at: time,
    began_at: time,
    run_id: z.string(),
    outcome: z.enum(['starting', 'started', 'notStarted']),
    code: z.enum(CODES).nullable(),
    reason: z.string().nullable(),
  })
  .transform(({ scheduled_at, began_at, run_id, code, reason, ...launch }): Launch => ({
    ...launch,
    scheduledAt: scheduled_at,
    beganAt: began_at,
    runId: run_id,
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
  }));

/** What schedules did, in the table `launches`. */
export function postgresLaunches(database: Database): LaunchStore {
  return {
    async begin({ id, schedule, runbook, digest, mode, scheduledAt, beganAt, runId }) {
      await database.run(
        `INSERT INTO launches (id, schedule, runbook, digest, mode, scheduled_at, began_at, run_id, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'starting') ON CONFLICT DO NOTHING`,
        [id, schedule, runbook, digest, mode, at(scheduledAt), at(beganAt), runId],
      );
      const [launch] = await database.rows(launchRow, `SELECT ${COLUMNS} FROM launches WHERE id = $1`, [id]);
      if (launch === undefined) {
        throw new StoreError('store.corrupt', database.place, { detail: 'A launch that was kept is gone.' });
      }
      return launch;
    },
    async started(id) {
      await database.run(`UPDATE launches SET outcome = 'started' WHERE id = $1 AND outcome = 'starting'`, [
        id,
      ]);
    },
    notStarted: (id, { code, reason }) =>
      entered(database, async (queries, enter) => {
        const [launch] = await queries.rows(
          launchRow,
          `UPDATE launches SET outcome = 'notStarted', code = $2, reason = $3
           WHERE id = $1 AND outcome = 'starting' RETURNING ${COLUMNS}`,
          [id, code, reason.slice(0, MAX_REASON)],
        );
        // A time before the schedule was put in force was never promised.
        if (launch === undefined || code === 'edited') return;
        await raiseIn(queries, enter, [{ finding: missedSchedule(launch) }]);
      }),
    async lastStarted(schedule, before) {
      const [launch] = await database.rows(
        launchRow,
        `SELECT ${COLUMNS} FROM launches WHERE schedule = $1 AND id <> $2 AND outcome <> 'notStarted'
         ORDER BY scheduled_at DESC, began_at DESC LIMIT 1`,
        [schedule, before],
      );
      return launch;
    },
    list: (limit, schedule) =>
      database.rows(
        launchRow,
        `SELECT ${COLUMNS} FROM launches WHERE $2::text IS NULL OR schedule = $2
         ORDER BY scheduled_at DESC, began_at DESC LIMIT $1`,
        [limit, schedule ?? null],
      ),
  };
}

function missedSchedule({
  id,
  schedule,
  runbook,
  mode,
  scheduledAt,
  beganAt,
  code = 'refused',
  reason = code,
}: Launch): Omit<Finding, 'history'> {
  const when = new Date(scheduledAt).toISOString();
  return {
    id: `${id}:schedule:${code}`,
    runbook,
    raisedBy: 'schedule',
    raisedAt: beganAt,
    text: `The ${mode} of ${runbook} that ${schedule} was to start at ${when} did not start: ${reason}`,
    severity: 'medium',
  };
}
