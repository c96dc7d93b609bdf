import { z } from 'zod';
import type { GateStore, KeptGate } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { gateClosed, gateOpened } from './ledger-entries.ts';
import { takeTurns } from './take-turns.ts';
import { at, json, storable, time } from './values.ts';

const gateRow = z
  .object({
    nonce: z.string(),
    run: z.string(),
    run_id: z.string(),
    path: z.string(),
    kind: z.enum(['approval', 'decision', 'manual']),
    title: z.string(),
    digest: z.string(),
    asked: json,
    opened_at: time,
    due_at: time.nullable(),
  })
  .transform(({ run_id, opened_at, due_at, ...same }): KeptGate => ({
    ...same,
    runId: run_id,
    openedAt: opened_at,
    ...(due_at === null ? {} : { dueAt: due_at }),
  }));

const closedRow = z.object({ run: z.string(), path: z.string(), nonce: z.string(), by: z.string() });

const COLUMNS = 'nonce, run, run_id, path, kind, title, digest, asked, opened_at, due_at';

/** The gates of all runs, in the table `gates`. */
export function postgresGates(database: Database, now: () => number): GateStore {
  const closeWhere = (which: string, value: string, by: string): Promise<void> =>
    entered(database, async (queries, enter) => {
      const closedAt = now();
      const closed = await queries.rows(
        closedRow,
        `UPDATE gates SET closed_at = $2, closed_by = $3 WHERE ${which} AND closed_at IS NULL
         RETURNING run, path, nonce, closed_by AS by`,
        [value, at(closedAt), by],
      );
      for (const one of closed) enter(gateClosed(one, closedAt));
    });

  return {
    open: (gate) =>
      entered(database, async (queries, enter) => {
        const { nonce, run, runId, path, kind, title, digest, asked, openedAt, dueAt } = gate;
        // Openings of one gate take turns. An activity may be late with one that has been replaced meanwhile: it counts by
        // when it was opened, not by when it is noted.
        await takeTurns(queries, 'gate', run, path);
        await queries.run(
          `INSERT INTO gates (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT DO NOTHING`,
          [
            nonce,
            run,
            runId,
            path,
            kind,
            storable(title),
            digest,
            JSON.stringify(asked),
            at(openedAt),
            dueAt === undefined ? null : at(dueAt),
          ],
        );
        enter(gateOpened(gate));
        const closedAt = now();
        const closed = await queries.rows(
          closedRow,
          `UPDATE gates SET closed_at = $4, closed_by = 'reopened'
           WHERE run = $1 AND path = $2 AND closed_at IS NULL
             AND nonce <> (SELECT nonce FROM gates WHERE run = $1 AND path = $2
                           ORDER BY opened_at DESC, nonce = $3 DESC, nonce LIMIT 1)
           RETURNING run, path, nonce, closed_by AS by`,
          [run, path, nonce, at(closedAt)],
        );
        for (const one of closed) enter(gateClosed(one, closedAt));
      }),
    close: (nonce, by) => closeWhere('nonce = $1', nonce, by),
    closeAll: (run) => closeWhere('run = $1', run, 'ended'),
    async find(nonce) {
      const [found] = await database.rows(gateRow, `SELECT ${COLUMNS} FROM gates WHERE nonce = $1`, [nonce]);
      return found;
    },
    ofRun: (run) =>
      database.rows(gateRow, `SELECT ${COLUMNS} FROM gates WHERE run = $1 ORDER BY opened_at, nonce`, [run]),
    listOpen: () =>
      database.rows(
        gateRow,
        `SELECT ${COLUMNS} FROM gates WHERE closed_at IS NULL ORDER BY opened_at, nonce`,
      ),
  };
}
