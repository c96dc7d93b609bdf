import { z } from 'zod';
import { LEDGER_VERSION, type LedgerEntry } from '../../model/ledger-entry.ts';
import type { Intent } from '../contracts.ts';
import { sha256 } from '../file-names.ts';
import { StoreError } from '../store-error.ts';
import type { AheadRecord } from '../write-ahead-file.ts';
import type { Database } from './database.ts';
import { insertIntent } from './insert-intent.ts';
import { entered } from './ledger.ts';
import { effectRecorded, intentRecorded } from './ledger-entries.ts';
import type { Queries } from './queries.ts';
import { at } from './values.ts';

/** An entry has at most 64 KB, and keys of steps in loops are long. */
const KEYS_CHARACTERS = 32_000;

const keyRow = z.object({ key: z.string() });

/**
 * Brings a file that was written ahead into the store: intents with what became of them, texts, and entries in their order,
 * behind an entry for each run that names the file and all of their keys. All of it or nothing, and the same file once.
 */
export async function mergeAhead(
  database: Database,
  {
    digest,
    records,
    now,
  }: { readonly digest: string; readonly records: readonly AheadRecord[]; readonly now: number },
): Promise<void> {
  await entered(database, async (queries, enter) => {
    const [known] = await queries.rows(
      keyRow,
      "SELECT key FROM ledger WHERE kind = 'writeAhead' AND entry::jsonb ->> 'file' = $1 LIMIT 1",
      [digest],
    );
    if (known !== undefined) return;
    const entries: LedgerEntry[] = [];
    const begun = new Map<number, Intent>();
    for (const [n, record] of records.entries()) {
      switch (record.kind) {
        case 'entries':
          entries.push(...record.entries);
          break;
        case 'content':
          await queries.run('INSERT INTO contents (digest, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
            sha256(record.text),
            record.text,
          ]);
          break;
        case 'begin': {
          const intent = await insertIntent(queries, record.intent, record.at);
          if (intent === undefined) throw new StoreError('store.unavailable', database.place);
          begun.set(n, intent);
          entries.push(intentRecorded(intent, record.at));
          break;
        }
        case 'sending':
          await update(queries, begun.get(record.of), 'sending_at', at(record.at));
          break;
        case 'result': {
          const intent = begun.get(record.of);
          const { how, at: ended, detail } = record;
          const result = { how, at: ended, ...(detail === undefined ? {} : { detail }) };
          await update(queries, intent, 'result', JSON.stringify(result));
          if (intent !== undefined) entries.push(effectRecorded(intent, result));
        }
      }
    }
    marksOf(entries, { digest, now }).forEach(enter);
    entries.forEach(enter);
  });
}

async function update(
  queries: Queries,
  intent: Intent | undefined,
  column: 'sending_at' | 'result',
  value: unknown,
): Promise<void> {
  if (intent === undefined) return;
  const { run, path, attempt, epoch } = intent;
  await queries.run(
    `UPDATE intents SET ${column} = $5 WHERE run = $1 AND path = $2 AND attempt = $3 AND epoch = $4`,
    [run, path, attempt, epoch, value],
  );
}

/** What says of the entries of each run that they were written ahead. */
function marksOf(
  entries: readonly LedgerEntry[],
  { digest, now }: { readonly digest: string; readonly now: number },
): LedgerEntry[] {
  const runs = [...new Set(entries.flatMap(({ run }) => run ?? []))];
  return runs.flatMap((run) => {
    const own = entries.filter((entry) => entry.run === run);
    const times = own.map((entry) => entry.at);
    return chunks(own.map(({ key }) => key)).map((keys, part): LedgerEntry => ({
      v: LEDGER_VERSION,
      kind: 'writeAhead',
      key: `${run}/writeAhead/${digest}/${part}`,
      at: now,
      run,
      file: digest,
      from: Math.min(...times),
      to: Math.max(...times),
      keys,
    }));
  });
}

function chunks(keys: readonly string[]): string[][] {
  const all: string[][] = [];
  let characters = Infinity;
  for (const key of keys) {
    if (characters + key.length > KEYS_CHARACTERS) {
      all.push([]);
      characters = 0;
    }
    all.at(-1)?.push(key);
    characters += key.length;
  }
  return all;
}
