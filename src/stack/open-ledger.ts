import type { OpenLedger } from '../cli/stack-door.ts';
import { parseCheckpointText, parseNote } from '../ledger/index.ts';
import { readLedgerIn } from '../store/index.ts';

/**
 * The ledger in a database, for whoever may read it there: nobody is asked, and nothing is changed. What it is called stands in its
 * last checkpoint; which key it has, the database does not say.
 *
 * @throws StoreError `store.unavailable`; LedgerError for a checkpoint that is none
 */
export async function openLedger(url: string): Promise<OpenLedger> {
  const read = await readLedgerIn(url);
  return {
    place: read.place,
    async ledger() {
      const [{ size, root }, notes] = [await read.head(), await read.checkpoints()];
      const last = notes.at(-1);
      return {
        origin: last === undefined ? '' : parseCheckpointText(parseNote(last.note).text).origin,
        key: '',
        size,
        root: Buffer.from(root).toString('base64'),
        witnesses: [],
      };
    },
    ledgerEntries: ({ from, limit = 2_000 }) => read.rows(from, limit),
    ledgerPrunings: async () => (await read.prunings()).map(({ statement }) => statement),
    ledgerCheckpoints: async ({ after, limit }) =>
      (await read.checkpoints()).filter(({ size }) => size > after).slice(0, limit),
    close: () => read.close(),
  };
}
