import type { EvidenceParts } from '../../src/client/evidence.ts';
import type { VoteKeys } from '../../src/identity/index.ts';
import { signerKey } from '../../src/ledger/index.ts';
import type { Stores } from '../../src/store/index.ts';

/** What evidence is made with in tests: the vote key signs the ledger as well. */
export function evidencePartsOf({ ledger }: Pick<Stores, 'ledger'>, keys: VoteKeys): EvidenceParts {
  const origin = 'muster/ledger';
  return {
    sealing: {
      store: ledger,
      origin,
      key: signerKey(origin, 'ed25519', keys.privateKey),
      witnesses: [],
      now: Date.now,
    },
    voteKey: keys.publicKey,
    versions: {},
  };
}
