import { z } from 'zod';
import type { PruneLimits, PrunedRun, PrunePlan } from '../retention-contracts.ts';
import type { Queries } from './queries.ts';
import { at } from './values.ts';

const runRow = z
  .object({ run: z.string(), run_id: z.string() })
  .transform(({ run, run_id }): PrunedRun => ({ run, runId: run_id }));
const keptRow = z
  .object({ run_id: z.string(), because: z.enum(['open', 'hold', 'finding', 'drill', 'notAudited']) })
  .transform(({ run_id, because }) => ({ runId: run_id, because }));
const leafRow = z.object({ position: z.coerce.number(), leaf: z.instanceof(Uint8Array) });

/** What says of people how they stand is asked for by every later vote. */
const STANDING = ['personRevoked', 'personReinstated'];

/** What says why something is gone, or stays, or whose signatures are to be believed, never goes. */
const STAYS = `('pruning', 'hold.set', 'hold.lifted', 'ledger.key')`;

/** A run and those that its steps have started: they go together, or stay together. */
const FAMILIES = `
  families AS (
    SELECT r.run_id AS root, r.run_id, r.first_execution_id AS run FROM runs AS r WHERE r.first_execution_id IS NOT NULL
    UNION
    SELECT f.root, a.run_id, a.run FROM families AS f JOIN audits AS a ON a.parent = f.run_id WHERE a.run IS NOT NULL
  )`;

/** That a run `r`, or one of its family, is under a hold. */
const HELD = `
  EXISTS (SELECT FROM families AS f JOIN holds AS h ON h.run = f.run
          WHERE f.root = r.run_id AND h.lifted_at IS NULL)`;

/** That somebody has yet to look at something of its family. */
const FOUND = `
  EXISTS (SELECT FROM families AS f JOIN findings AS d ON d.run_id = f.run_id
          WHERE f.root = r.run_id AND d.closed_at IS NULL)`;

/** That a run of its family was not compared with Temporal for the last time. */
const NOT_AUDITED = `
  EXISTS (SELECT FROM families AS f LEFT JOIN audits AS a ON a.run_id = f.run_id
          WHERE f.root = r.run_id AND NOT coalesce(a.is_final, false))`;

/** Runs that are old enough, with the reason for which each has to stay. */
const OLD = `
  old AS (
    SELECT r.run_id, CASE
      WHEN ${HELD} THEN 'hold'
      WHEN ${FOUND} THEN 'finding'
      WHEN r.newest <= $2 THEN 'drill'
      WHEN ${NOT_AUDITED} THEN 'notAudited'
    END AS because
    FROM (
      SELECT run_id, first_execution_id, ended_at,
             CASE WHEN mode = 'drill' AND ended_at IS NOT NULL
               THEN row_number() OVER (PARTITION BY runbook, mode, ended_at IS NULL ORDER BY started_at DESC, run_id)
             END AS newest
      FROM runs
    ) AS r
    WHERE r.ended_at < $1 AND r.first_execution_id IS NOT NULL
      AND EXISTS (SELECT FROM ledger AS l WHERE l.run = r.first_execution_id AND l.entry IS NOT NULL AND l.kind NOT IN ${STAYS})
  )`;

/** What may go by these limits, as everything stands. */
export async function prunePlan(queries: Queries, limits: PruneLimits): Promise<PrunePlan> {
  const { runsBefore, refusalsBefore, identityBefore, keepDrills } = limits;
  const old = [runsBefore === undefined ? null : at(runsBefore), keepDrills];
  const runs = await queries.rows(
    runRow,
    `WITH RECURSIVE ${FAMILIES}, ${OLD}
     SELECT f.run, f.run_id FROM families AS f JOIN old ON old.run_id = f.root WHERE old.because IS NULL
     ORDER BY f.run_id`,
    old,
  );
  const kept = await queries.rows(
    keptRow,
    `WITH RECURSIVE ${FAMILIES}, ${OLD}
     SELECT run_id, because FROM old WHERE because IS NOT NULL
     UNION ALL
     SELECT run_id, 'open' FROM runs WHERE ended_at IS NULL AND started_at < $1
     ORDER BY run_id`,
    old,
  );
  const gone = runs.map(({ run }) => run);
  const losingRefusals = await queries.rows(
    runRow,
    `WITH RECURSIVE ${FAMILIES}
     SELECT r.first_execution_id AS run, r.run_id FROM runs AS r
     WHERE r.ended_at < $1 AND r.first_execution_id <> ALL($2)
       AND NOT (${HELD} OR ${FOUND} OR ${NOT_AUDITED})
       AND EXISTS (SELECT FROM ledger AS l
                   WHERE l.run = r.first_execution_id AND l.kind = 'refusal' AND l.entry IS NOT NULL)
     ORDER BY r.run_id`,
    [refusalsBefore === undefined ? null : at(refusalsBefore), gone],
  );
  const leaves = await queries.rows(
    leafRow,
    `SELECT position, leaf FROM ledger
     WHERE entry IS NOT NULL AND kind NOT IN ${STAYS} AND (
       run = ANY($1)
       OR run IS NULL AND kind IN ('run.requested', 'launch') AND entry::json ->> 'runId' = ANY($2)
       OR run = ANY($3) AND kind = 'refusal'
       OR kind = 'identity' AND (entry::json ->> 'at')::bigint < $4 AND entry::json ->> 'event' <> ALL($5))
     ORDER BY position`,
    [
      gone,
      runs.map(({ runId }) => runId),
      losingRefusals.map(({ run }) => run),
      identityBefore ?? null,
      STANDING,
    ],
  );
  return {
    runs,
    losingRefusals,
    kept,
    positions: leaves.map(({ position }) => position),
    leaves: leaves.map(({ leaf }) => leaf),
  };
}
