import { z } from 'zod';
import type { Freeze } from '../../model/freeze.ts';
import { MODES } from '../../model/runbook.ts';
import type { FreezeStore } from '../gate-contracts.ts';
import type { Database, Queries } from './database.ts';
import { entered } from './ledger.ts';
import { freezeLifted, freezeSet } from './ledger-entries.ts';
import { at, time } from './values.ts';

const freezeRow = z
  .object({
    id: z.string(),
    reason: z.string(),
    set_by: z.string(),
    set_at: time,
    runbooks: z.string().nullable(),
    connection: z.string().nullable(),
    mode: z.enum(MODES).nullable(),
    begins_at: time,
    ends_at: time.nullable(),
  })
  .transform(({ id, reason, set_by, set_at, runbooks, connection, mode, begins_at, ends_at }): Freeze => ({
    id,
    reason,
    by: set_by,
    at: set_at,
    scope: {
      ...(runbooks === null ? {} : { runbooks }),
      ...(connection === null ? {} : { connection }),
      ...(mode === null ? {} : { mode }),
    },
    from: begins_at,
    ...(ends_at === null ? {} : { until: ends_at }),
  }));

/** Who sets a freeze holds this lock, who begins to send a command shares it: of the two, one comes first. */
export const FREEZE_LOCK = 7_718_203_302;

/** See FreezeStore.pending. */
export function pendingFreezes(queries: Queries, asOf: number): Promise<readonly Freeze[]> {
  return queries.rows(
    freezeRow,
    `SELECT id, reason, set_by, set_at, runbooks, connection, mode, begins_at, ends_at FROM freezes
     WHERE lifted_at IS NULL AND (ends_at IS NULL OR ends_at > $1) ORDER BY begins_at, id`,
    [at(asOf)],
  );
}

/** The kill switch, in the table `freezes`; those that are over stay as a record. */
export function postgresFreezes(database: Database, now: () => number): FreezeStore {
  return {
    set: (freeze) =>
      entered(database, async (queries, enter) => {
        const { id, reason, by, at: setAt, scope, from, until } = freeze;
        await queries.run('SELECT pg_advisory_xact_lock($1)', [FREEZE_LOCK]);
        await queries.run(
          `INSERT INTO freezes (id, reason, set_by, set_at, runbooks, connection, mode, begins_at, ends_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
          [
            id,
            reason,
            by,
            at(setAt),
            scope.runbooks ?? null,
            scope.connection ?? null,
            scope.mode ?? null,
            at(from),
            until === undefined ? null : at(until),
          ],
        );
        enter(freezeSet(freeze));
      }),
    lift: (id, by) =>
      entered(database, async (queries, enter) => {
        const liftedAt = now();
        const lifted = await queries.run(
          'UPDATE freezes SET lifted_at = $2, lifted_by = $3 WHERE id = $1 AND lifted_at IS NULL',
          [id, at(liftedAt), by],
        );
        if (lifted === 1) enter(freezeLifted(id, by, liftedAt));
        return lifted === 1;
      }),
    pending: (asOf) => pendingFreezes(database, asOf),
  };
}
