import type { LedgerConfig, WitnessConfig } from '../config/index.ts';
import {
  fileWitness,
  httpsWitness,
  parseVerifierKey,
  type Sealing,
  type VerifierKey,
  type Witness,
} from '../ledger/index.ts';
import type { LedgerStore } from '../store/index.ts';
import type { LedgerKeys } from './ledger-keys.ts';

/**
 * What it takes to seal the ledger of this configuration.
 *
 * @throws LedgerError `ledger.badKey`, `witness.badAddress` for a witness that cannot be one
 */
export function sealingOf(
  { origin, witnesses }: LedgerConfig,
  { store, keys }: { readonly store: LedgerStore; readonly keys: LedgerKeys },
): Sealing {
  // Looked at anew each time: the key may be changed while this process runs.
  const ledger = {
    origin,
    get ledger(): readonly VerifierKey[] {
      return keys.known;
    },
  };
  return {
    store,
    origin,
    get key() {
      return keys.key;
    },
    get beside() {
      return keys.beside;
    },
    get known() {
      return keys.known;
    },
    renew: () => keys.renew(),
    witnesses: witnesses.map((witness) => witnessOf(witness, ledger)),
    now: Date.now,
  };
}

function witnessOf(
  witness: WitnessConfig,
  ledger: { readonly origin: string; readonly ledger: readonly VerifierKey[] },
): Witness {
  const [first, ...others] = witness.keys;
  const keys = [parseVerifierKey(first), ...others.map(parseVerifierKey)] as const;
  return 'folder' in witness
    ? fileWitness({ folder: witness.folder, keys: [...keys], ledger })
    : httpsWitness({ url: witness.url, keys, send: fetch });
}
