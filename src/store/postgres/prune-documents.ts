import { z } from 'zod';
import type { PrunePlan } from '../retention-contracts.ts';
import type { Queries } from './queries.ts';

const digestRow = z.object({ digest: z.string().nullable() });
const keyRow = z.object({ key: z.string() });

/** What belongs to runs beside their entries, by the column that names the run. */
const OF_RUN = ['spoken_votes', 'votes', 'gates', 'refusals', 'intents', 'targets', 'notes', 'reviews'];

/** Removes the documents of runs: what was asked, answered, sent, written down and measured. Their summaries stay. */
export async function removeDocuments(
  queries: Queries,
  { runs, losingRefusals }: Pick<PrunePlan, 'runs' | 'losingRefusals'>,
): Promise<void> {
  const gone = runs.map(({ run }) => run);
  const outputs = await outputsOf(queries, gone);
  // Before the reviews and the runs: they say which reports there are of them.
  const reports = await reportsOf(queries, gone);
  for (const table of OF_RUN) await queries.run(`DELETE FROM ${table} WHERE run = ANY($1)`, [gone]);
  await queries.run('DELETE FROM refusals WHERE run = ANY($1)', [losingRefusals.map(({ run }) => run)]);
  await queries.run(
    'DELETE FROM note_files AS f WHERE NOT EXISTS (SELECT FROM notes AS n WHERE n.file_digest = f.digest)',
  );
  await queries.run('UPDATE runs SET report_digest = NULL WHERE first_execution_id = ANY($1)', [gone]);
  await removeContents(queries, [...outputs, ...reports], gone);
}

/** Removes what is noted of logins beside their entries. */
export async function removeLogins(queries: Queries, positions: readonly number[]): Promise<void> {
  const found = await queries.rows(
    keyRow,
    `SELECT key FROM ledger WHERE kind = 'identity' AND position = ANY($1)`,
    [positions],
  );
  const numbers = found.map(({ key }) => Number(key.replace('identity/', '')));
  await queries.run('DELETE FROM identity_events WHERE id = ANY($1)', [numbers]);
}

async function outputsOf(queries: Queries, runs: readonly string[]): Promise<readonly string[]> {
  const found = await queries.rows(
    digestRow,
    `SELECT DISTINCT entry::json ->> 'outputDigest' AS digest FROM ledger
     WHERE run = ANY($1) AND kind = 'step.ended' AND entry IS NOT NULL`,
    [runs],
  );
  return found.flatMap(({ digest }) => digest ?? []);
}

/** The reports that are kept of runs, and those that were reviewed. */
async function reportsOf(queries: Queries, runs: readonly string[]): Promise<readonly string[]> {
  const found = await queries.rows(
    digestRow,
    `SELECT report_digest AS digest FROM runs WHERE first_execution_id = ANY($1)
     UNION SELECT report_digest FROM reviews WHERE run = ANY($1)`,
    [runs],
  );
  return found.flatMap(({ digest }) => digest ?? []);
}

/** Others may have the same content under the same name. */
async function removeContents(
  queries: Queries,
  digests: readonly string[],
  gone: readonly string[],
): Promise<void> {
  if (digests.length === 0) return;
  await queries.run(
    `DELETE FROM contents WHERE digest = ANY($1)
       AND digest NOT IN (SELECT digest FROM runs)
       AND digest NOT IN (SELECT report_digest FROM runs WHERE report_digest IS NOT NULL)
       AND digest NOT IN (SELECT report_digest FROM reviews)
       AND digest NOT IN (
         SELECT entry::json ->> 'outputDigest' FROM ledger
         WHERE kind = 'step.ended' AND entry IS NOT NULL AND run <> ALL($2) AND entry::json ->> 'outputDigest' IS NOT NULL
       )`,
    [digests, gone],
  );
}
