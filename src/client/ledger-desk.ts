import { assertMay } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import { CHECKPOINT_PAGE, LEDGER_PAGE } from './ledger-copy.ts';
import type { Muster } from './muster.ts';

/** Another key of the ledger. */
export interface KeyRotation {
  /** Verifier keys. */
  readonly oldKey: string;
  readonly newKey: string;
  /** Until then both sign. */
  readonly bothUntil: number;
}

/** Gives the ledger a new key. */
export type RotateKey = (request: {
  readonly actor: string;
  readonly bothMs: number;
}) => Promise<KeyRotation>;

/** How long both keys sign at least and at most. */
const MAX_BOTH_MS = 366 * 24 * 3_600_000;

/** The whole ledger, for whoever checks it, and its keys. */
export function createLedgerDesk({
  actor: actorNow,
  stores: { ledger, retention },
  rotate,
}: {
  readonly actor: () => Promise<Actor>;
  readonly stores: Pick<Stores, 'ledger' | 'retention'>;
  readonly rotate?: RotateKey;
}): Pick<Muster, 'ledgerEntries' | 'ledgerCheckpoints' | 'ledgerPrunings' | 'rotateLedgerKey'> {
  return {
    async ledgerEntries({ from, limit = LEDGER_PAGE }) {
      // Of all runs, so for all runbooks.
      assertMay(await actorNow(), 'evidence.read');
      return ledger.rows(from, Math.min(limit, LEDGER_PAGE));
    },
    async ledgerCheckpoints({ after, limit = CHECKPOINT_PAGE }) {
      assertMay(await actorNow(), 'evidence.read');
      return ledger.checkpointPage(after, Math.min(limit, CHECKPOINT_PAGE));
    },
    async ledgerPrunings() {
      assertMay(await actorNow(), 'evidence.read');
      return (await retention.prunings()).map(({ statement }) => statement);
    },
    async rotateLedgerKey({ bothMs }) {
      const actor = await actorNow();
      assertMay(actor, 'ledger.rotate');
      if (rotate === undefined) throw new MusterError('ledger.notHere');
      if (!(bothMs >= 0 && bothMs <= MAX_BOTH_MS)) throw new MusterError('ledger.badOverlap');
      return rotate({ actor: actor.person, bothMs });
    },
  };
}
