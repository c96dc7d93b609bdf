import { hash } from 'node:crypto';
import { z } from 'zod';
import { without } from '../model/json.ts';
import { openEnvelope, signEnvelope } from './dsse.ts';
import type { SignerKey, VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import { parseStatement, statementBytes } from './statement.ts';

/** Tells how to read what the statement of a pruning says. */
export const PRUNING_TYPE = 'https://muster.example/pruning/v1';

/** From and to, both included. */
export type PositionRange = readonly [number, number];

/** What was removed, by whom, and by which rules. */
export interface PruningStatement {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly origin: string;
  /** SHA-256 of the canonical JSON of the rules. */
  readonly policyDigest: string;
  /** Ascending, with something between them that stays. */
  readonly ranges: readonly PositionRange[];
  /** SHA-256 of the leaf hashes at these positions, one after the other. */
  readonly leavesDigest: string;
}

/** The statement of a pruning whose signatures hold. */
export interface OpenedPruning {
  readonly says: PruningStatement;
  /** The known keys that have signed it; at least one. */
  readonly signed: readonly VerifierKey[];
}

const LEAVES = 'leaves';
const position = z.int().nonnegative();
const predicate = z.strictObject({
  v: z.literal(1),
  id: z.string().min(1),
  at: z.int(),
  actor: z.string(),
  origin: z.string(),
  policyDigest: z.string().regex(/^[0-9a-f]{64}$/),
  ranges: z.array(z.tuple([position, position])).min(1),
});

/** Positions in ascending order as ranges. */
export function rangesOf(positions: readonly number[]): readonly PositionRange[] {
  const ranges: [number, number][] = [];
  for (const at of positions) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === at) last[1] = at;
    else ranges.push([at, at]);
  }
  return ranges;
}

/** What the leaf hashes of removed entries come to. */
export function leavesDigestOf(leaves: readonly Uint8Array[]): string {
  return hash('sha256', Buffer.concat(leaves));
}

/** Signs that entries were removed. @returns a DSSE envelope around an in-toto statement */
export function signPruning({ leavesDigest, ...said }: PruningStatement, keys: readonly SignerKey[]): string {
  const bytes = statementBytes({
    subject: [{ name: LEAVES, digest: { sha256: leavesDigest } }],
    predicateType: PRUNING_TYPE,
    predicate: { v: 1, ...said },
  });
  return signEnvelope(bytes, keys);
}

/**
 * Reads what {@link signPruning} writes, and checks that a key of the ledger has signed it. Whether that was the key of its time,
 * and whether there are such positions, only the ledger tells.
 *
 * @throws LedgerError `ledger.badEnvelope`, `ledger.badSignature`, `ledger.notSigned`, `ledger.badStatement`
 */
export function openPruning(envelope: string, keys: readonly VerifierKey[]): OpenedPruning {
  const { payload, signed } = openEnvelope(envelope, keys);
  const { subject, predicateType, predicate: said } = parseStatement(payload);
  const [leaves] = subject;
  const read = predicate.safeParse(said);
  if (!read.success || leaves?.name !== LEAVES || subject.length > 1 || predicateType !== PRUNING_TYPE) {
    throw bad('Its fields are not those of a pruning.');
  }
  const fields = without(read.data, ['v']);
  fields.ranges.forEach(([first, last], index, all) => {
    const before = all[index - 1]?.[1] ?? -2;
    if (first > last || first <= before + 1) throw bad('Its ranges are not in order.');
  });
  return { says: { ...fields, leavesDigest: leaves.digest.sha256 }, signed };
}

function bad(detail: string): LedgerError {
  return new LedgerError('ledger.badStatement', 'pruning', { detail });
}
