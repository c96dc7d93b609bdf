import { sha256 } from '../ledger/digest.ts';
import type { ExportedLedger } from '../ledger/index.ts';
import type { LedgerRow } from '../store/index.ts';
import type { Muster } from './muster.ts';

/** Entries that are asked for at a time. */
export const LEDGER_PAGE = 2_000;
/** Checkpoints at a time: there can be one a minute, for years. */
export const CHECKPOINT_PAGE = 2_000;

/** Where a ledger is read from. */
export type LedgerSource = Pick<Muster, 'ledger' | 'ledgerEntries' | 'ledgerCheckpoints' | 'ledgerPrunings'>;

/**
 * Reads the whole ledger, page by page. Nothing that the server says of it is believed: not its size, and no hash.
 *
 * @param told how much was read, and of how much as far as the server says
 */
export async function copyLedger(
  source: LedgerSource,
  told: (read: number, size: number) => void = () => undefined,
): Promise<ExportedLedger> {
  const { origin, key } = await source.ledger();
  // Before the entries: a checkpoint that is signed meanwhile would stand for more than what was read.
  const checkpoints: string[] = [];
  for (let after: number | undefined = -1; after !== undefined;) {
    const page: readonly { readonly size: number; readonly note: string }[] = await source.ledgerCheckpoints({
      after,
      limit: CHECKPOINT_PAGE,
    });
    checkpoints.push(...page.map(({ note }) => note));
    after = page.length < CHECKPOINT_PAGE ? undefined : page.at(-1)?.size;
  }
  const { size } = await source.ledger();
  const entries: LedgerRow[] = [];
  const readOn = async (): Promise<boolean> => {
    const page = await source.ledgerEntries({ from: entries.length, limit: LEDGER_PAGE });
    entries.push(...page);
    told(entries.length, size);
    return page.length === LEDGER_PAGE;
  };
  // What is entered while it is read is left out once all is there that was there in the beginning.
  while ((await readOn()) && entries.length < size);
  // After the entries: what was removed while they were read is named, too, and its entry stands further on.
  const prunings = await source.ledgerPrunings();
  if (!prunings.every((one) => isEntered(one, entries))) while (await readOn());
  return { origin, key, checkpoints, entries, ...(prunings.length > 0 && { prunings }) };
}

function isEntered(statement: string, entries: readonly LedgerRow[]): boolean {
  const digest = sha256(statement);
  return entries.some((row) => 'text' in row && row.text.includes(digest));
}
