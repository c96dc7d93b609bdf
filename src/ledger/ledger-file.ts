import { z } from 'zod';
import { canonicalJson } from '../model/json.ts';
import type { LedgerRow } from '../store/index.ts';
import { fromJson, fromUtf8 } from './bytes.ts';
import { LedgerError } from './ledger-error.ts';
import type { LedgerCopy } from './verify/verify-ledger.ts';

/** A whole ledger in one file, with what it says of itself. Nothing in it is believed. */
export interface ExportedLedger extends LedgerCopy {
  readonly origin: string;
  /** The verifier key that whoever exported it says it has: good for a look, not for a proof. */
  readonly key: string;
  readonly entries: readonly LedgerRow[];
}

const FORMAT = 'muster ledger';

const head = z.strictObject({
  format: z.literal(FORMAT),
  v: z.literal(1),
  origin: z.string(),
  key: z.string(),
  checkpoints: z.int().nonnegative(),
  entries: z.int().nonnegative(),
  prunings: z.int().nonnegative().exactOptional(),
});
const checkpointLine = z.strictObject({ checkpoint: z.string() });
const pruningLine = z.strictObject({ pruning: z.string() });
const entryLine = z.union([
  z.strictObject({ position: z.int().nonnegative(), text: z.string() }),
  z.strictObject({ position: z.int().nonnegative(), leaf: z.string() }),
]);

/** Writes a ledger as lines of JSON: a head, the checkpoints, the prunings, the entries. The same ledger gives the same bytes. */
export function* ledgerLines({
  origin,
  key,
  checkpoints,
  entries,
  prunings = [],
}: ExportedLedger): Iterable<string> {
  yield line({
    format: FORMAT,
    v: 1,
    origin,
    key,
    checkpoints: checkpoints.length,
    entries: entries.length,
    ...(prunings.length > 0 && { prunings: prunings.length }),
  });
  for (const checkpoint of checkpoints) yield line({ checkpoint });
  for (const pruning of prunings) yield line({ pruning });
  for (const row of entries) {
    const { position } = row;
    yield line('text' in row ? { position, text: row.text } : { position, leaf: row.leaf });
  }
}

/**
 * Reads what {@link ledgerLines} writes. What is wrong with the ledger itself, only verifying tells.
 *
 * @throws LedgerError `ledger.badCopy` with the line
 */
export function parseLedgerFile(bytes: Uint8Array): ExportedLedger {
  const text = fromUtf8(bytes);
  if (text === undefined) throw bad(1, 'The file is no UTF-8.');
  const lines = text.split('\n');
  if (lines.pop() !== '') throw bad(lines.length + 1, 'The last line is not whole.');
  const first = head.safeParse(fromJson(lines[0] ?? ''));
  if (!first.success) throw bad(1, 'The first line does not say that it is one.');
  const { origin, key, checkpoints: notes, entries: size, prunings: removals = 0 } = first.data;
  if (lines.length !== 1 + notes + removals + size) {
    throw bad(lines.length, `There have to be ${notes} checkpoints and ${size} entries.`);
  }
  const readAs = <T>(schema: z.ZodType<T>, at: number): T => {
    const read = schema.safeParse(fromJson(lines[at] ?? ''));
    if (read.success) return read.data;
    throw bad(at + 1, 'The line is neither a checkpoint nor an entry.');
  };
  return {
    origin,
    key,
    checkpoints: range(1, 1 + notes).map((at) => readAs(checkpointLine, at).checkpoint),
    entries: range(1 + notes + removals, lines.length).map((at) => readAs(entryLine, at)),
    ...(removals > 0 && {
      prunings: range(1 + notes, 1 + notes + removals).map((at) => readAs(pruningLine, at).pruning),
    }),
  };
}

function line(value: object): string {
  return `${canonicalJson(value)}\n`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function bad(at: number, detail: string): LedgerError {
  return new LedgerError('ledger.badCopy', `line ${at}`, { detail });
}
