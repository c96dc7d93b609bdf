import { consistencyProof, rootOf, sameHash } from '../merkle/index.ts';
import type { KeptCheckpoint, LedgerStore } from '../store/index.ts';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import type { SignerKey, VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import { askWitness, withSignatures, type Witness } from './witness.ts';

/** What it takes to seal a ledger. */
export interface Sealing {
  readonly store: Pick<LedgerStore, 'head' | 'checkpoint' | 'keepCheckpoint' | 'leafHashes'>;
  readonly origin: string;
  /** The key that signs now. */
  readonly key: SignerKey;
  /** The key before it, for as long as both sign. */
  readonly beside?: readonly SignerKey[];
  /** All keys that the ledger has had; default the one. */
  readonly known?: readonly VerifierKey[];
  /** Looks which keys those are now. */
  readonly renew?: () => Promise<void>;
  readonly witnesses: readonly Witness[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What came of it. */
export interface Sealed {
  readonly checkpoint: KeptCheckpoint;
  /** Why a witness has not cosigned; each is asked again with the next checkpoint. */
  readonly troubles: readonly LedgerError[];
}

/**
 * Fixes the ledger as it stands: a checkpoint, signed, cosigned by each witness that can be reached. It is not signed when
 * the ledger no longer begins with what the last checkpoint has fixed.
 *
 * @returns the last one when nothing was entered since, and it has every cosignature; undefined of an empty ledger
 * @throws LedgerError `ledger.rewritten`; StoreError
 */
export async function sealLedger(sealing: Sealing): Promise<Sealed | undefined> {
  const { store, origin, witnesses, now } = sealing;
  const [head, last] = [await store.head(), await store.checkpoint()];
  if (head.size === 0 && last === undefined) return undefined;
  // After the head was read: a key that was changed before is in the tree that is signed, one that is changed later is not.
  await sealing.renew?.();
  const { key, beside = [], known = [key] } = sealing;
  const leaves = await store.leafHashes(head.size);
  assertContinued(last, leaves, { origin, known });
  const isSealed = last?.size === head.size;
  let note = isSealed ? last.note : signCheckpoint({ origin, ...head, extensions: [] }, [key, ...beside]);
  const troubles: LedgerError[] = [];
  for (const witness of witnesses) {
    if (isCosigned(note, witness, { origin, known })) continue;
    try {
      const lines = await askWitness(witness, {
        checkpoint: note,
        knownSize: last?.size ?? 0,
        prove: (from, to) => consistencyProof(leaves, from, to),
      });
      note = withSignatures(note, lines);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      troubles.push(error);
    }
  }
  const checkpoint = { size: head.size, note, signedAt: isSealed ? last.signedAt : now() };
  if (note !== last?.note) await store.keepCheckpoint(checkpoint);
  return { checkpoint, troubles };
}

interface Signers {
  readonly origin: string;
  readonly known: readonly VerifierKey[];
}

/** @throws LedgerError `ledger.rewritten` */
function assertContinued(
  last: KeptCheckpoint | undefined,
  leaves: readonly Uint8Array[],
  { origin, known }: Signers,
): void {
  if (last === undefined) return;
  const { checkpoint } = openCheckpoint(last.note, { origin, ledger: known });
  const { size, root } = checkpoint;
  if (size <= leaves.length && sameHash(rootOf(leaves.slice(0, size)), root)) return;
  throw new LedgerError('ledger.rewritten', `the first ${size} entries`, {
    detail: `There are ${leaves.length} now.`,
  });
}

function isCosigned(note: string, { keys }: Witness, { origin, known }: Signers): boolean {
  return openCheckpoint(note, { origin, ledger: known, witnesses: keys }).cosigned.length > 0;
}
