import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  LedgerError,
  signCheckpoint,
  signerKey,
  type KeyKind,
  type SignerKey,
} from '../../src/ledger/index.ts';
import { consistencyProof, leafHash, rootOf, type Hash } from '../../src/merkle/index.ts';

export const ORIGIN = 'muster.example/ledger';

export function newKey(name: string, kind: KeyKind = 'ed25519'): SignerKey {
  return signerKey(name, kind, generateKeyPairSync('ed25519').privateKey);
}

/** The private key with these 32 bytes (RFC 8410). */
export function keyFromSeed(seed: Uint8Array): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

/** The code and place of what is thrown. */
export function refusalOf(
  work: () => unknown,
): { readonly code: string; readonly place: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) return { code: error.code, place: error.place };
    throw error;
  }
}

/** A ledger in memory, with its key. */
export class TestLedger {
  readonly key = newKey(ORIGIN);
  readonly leaves: Hash[];

  constructor(entries: number, seed = 'entry') {
    this.leaves = Array.from({ length: entries }, (_, at) => leafHash(`${seed} ${at}`));
  }

  get known() {
    return { origin: ORIGIN, ledger: [this.key] };
  }

  checkpoint(size = this.leaves.length, keys: readonly SignerKey[] = [this.key]): string {
    const root = rootOf(this.leaves.slice(0, size));
    return signCheckpoint({ origin: ORIGIN, size, root, extensions: [] }, keys);
  }

  readonly prove = (from: number, to: number): readonly Hash[] => consistencyProof(this.leaves, from, to);
}
