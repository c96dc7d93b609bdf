import { z } from 'zod';
import type { Hold, KeptPruning, PrunePlan, RetentionStore } from '../retention-contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { holdLifted, holdSet, pruned } from './ledger-entries.ts';
import { removeDocuments, removeLogins } from './prune-documents.ts';
import { prunePlan } from './prune-plan.ts';
import type { Queries } from './queries.ts';
import { at, time } from './values.ts';

/** Whoever holds a run, and whoever prunes, take turns. */
const RETENTION_LOCK = 731_940_021;

const holdRow = z
  .object({
    id: z.string(),
    run: z.string(),
    run_id: z.string(),
    reason: z.string(),
    set_by: z.string(),
    set_at: time,
  })
  .transform(({ run_id, set_by, set_at, ...same }): Hold => ({
    ...same,
    runId: run_id,
    by: set_by,
    at: set_at,
  }));
const idRow = z.object({ id: z.string() });
const pruningRow = z
  .object({ id: z.string(), pruned_at: time, actor: z.string(), statement: z.string() })
  .transform(({ pruned_at, ...same }): KeptPruning => ({ ...same, at: pruned_at }));
const foundRow = z.object({ found: z.boolean() });
const stoppedRow = z.object({ run_id: z.string() });

/** Prunings and holds, in the tables `prunings`, `pruned_ranges` and `holds`. */
export function postgresRetention(database: Database): RetentionStore {
  const takeTurns = (queries: Queries): Promise<unknown> =>
    queries.run('SELECT pg_advisory_xact_lock($1)', [RETENTION_LOCK]);
  return {
    hold: (hold) =>
      entered(database, async (queries, enter) => {
        await takeTurns(queries);
        const { id, run, runId, reason, by, at: setAt } = hold;
        const added = await queries.run(
          `INSERT INTO holds (id, run, run_id, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT DO NOTHING`,
          [id, run, runId, reason, by, at(setAt)],
        );
        if (added === 0) throw new StoreError('store.conflict', `${database.place}, hold of ${runId}`);
        enter(holdSet(hold));
      }),
    unhold: (run, by, liftedAt) =>
      entered(database, async (queries, enter) => {
        const lifted = await queries.rows(
          idRow,
          'UPDATE holds SET lifted_by = $2, lifted_at = $3 WHERE run = $1 AND lifted_at IS NULL RETURNING id',
          [run, by, at(liftedAt)],
        );
        for (const { id } of lifted) enter(holdLifted({ id, run, actor: by }, liftedAt));
        return lifted.length > 0;
      }),
    holds: () =>
      database.rows(
        holdRow,
        'SELECT id, run, run_id, reason, set_by, set_at FROM holds WHERE lifted_at IS NULL ORDER BY set_at, id',
      ),
    plan: (limits) => prunePlan(database, limits),
    prune: (pruning, plan) =>
      entered(database, async (queries, enter) => {
        await takeTurns(queries);
        await assertStillFree(queries, plan, database.place);
        const { id, at: prunedAt, actor, statement, ranges } = pruning;
        await queries.run(
          // The trigger puts the transaction in.
          `INSERT INTO prunings (id, pruned_at, actor, statement, written_in) VALUES ($1, $2, $3, $4, '0')`,
          [id, at(prunedAt), actor, statement],
        );
        await queries.run(
          `INSERT INTO pruned_ranges (pruning, first, last)
           SELECT $1, first, last FROM json_to_recordset($2) AS r (first bigint, last bigint)`,
          [id, JSON.stringify(ranges.map(([first, last]) => ({ first, last })))],
        );
        // Before the entries: they say what belongs to them.
        await removeDocuments(queries, plan);
        await removeLogins(queries, plan.positions);
        const gone = await queries.run(
          'UPDATE ledger SET entry = NULL WHERE position = ANY($1) AND entry IS NOT NULL',
          [plan.positions],
        );
        if (gone !== plan.positions.length) {
          throw new StoreError('store.conflict', `${database.place}, pruning`);
        }
        enter(pruned({ ...pruning, count: gone }));
      }),
    prunings: () => prunings(database),
    async isPruned(run) {
      const [answer] = await database.rows(
        foundRow,
        'SELECT EXISTS (SELECT FROM ledger WHERE run = $1 AND entry IS NULL) AS found',
        [run],
      );
      return answer?.found === true;
    },
  };
}

/** What was removed; nothing from a database in which no muster that can has worked yet. */
export async function prunings(queries: Queries): Promise<readonly KeptPruning[]> {
  const [table] = await queries.rows(foundRow, `SELECT to_regclass('prunings') IS NOT NULL AS found`);
  if (table?.found !== true) return [];
  return queries.rows(
    pruningRow,
    'SELECT id, pruned_at, actor, statement FROM prunings ORDER BY pruned_at, id',
  );
}

/** Since it was planned, somebody may have held a run, or found something. @throws StoreError `store.conflict` */
async function assertStillFree(
  queries: Queries,
  { runs, losingRefusals }: PrunePlan,
  place: string,
): Promise<void> {
  const all = [...runs, ...losingRefusals];
  const [stopped] = await queries.rows(
    stoppedRow,
    `SELECT run_id FROM holds WHERE run = ANY($1) AND lifted_at IS NULL
     UNION ALL SELECT run_id FROM findings WHERE run_id = ANY($2) AND closed_at IS NULL
     UNION ALL SELECT run_id FROM runs WHERE run_id = ANY($2) AND ended_at IS NULL
     LIMIT 1`,
    [all.map(({ run }) => run), all.map(({ runId }) => runId)],
  );
  if (stopped === undefined) return;
  throw new StoreError('store.conflict', place, { detail: `${stopped.run_id} may not be pruned any more.` });
}
