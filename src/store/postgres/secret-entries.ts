import { LEDGER_VERSION, type LedgerEntry } from '../../model/ledger-entry.ts';
import type { RevealRefusal } from '../../model/secrets.ts';
import type { SecretRecord } from '../secret-contracts.ts';

/** What is entered of secrets. Their ids and fingerprints are known to the run; nothing else of them ever is. */

const v = LEDGER_VERSION;
/** Somebody who asks again and again is entered once within this time. */
const REFUSAL_EVERY_MS = 60_000;

/** @param time how often that makes: 1 is the first. The moment stands in the key, so that no number hides another one. */
export function secretRevealed(
  { id, run }: SecretRecord,
  actor: string,
  time: number,
  at: number,
): LedgerEntry {
  return { v, kind: 'secret.revealed', key: `secret/${id}/revealed/${time}/${at}`, at, run, id, actor, time };
}

export function secretRefused(
  { id, run }: SecretRecord,
  actor: string,
  why: RevealRefusal,
  at: number,
): LedgerEntry {
  const key = `secret/${id}/refused/${why}/${Math.floor(at / REFUSAL_EVERY_MS)}/${actor}`;
  return { v, kind: 'secret.refused', key, at, run, id, actor, why };
}

export function secretPurged({ id, run, fingerprint, revokedAt }: SecretRecord, at: number): LedgerEntry {
  const why = revokedAt === undefined ? 'expired' : 'revoked';
  return { v, kind: 'secret.purged', key: `secret/${id}/purged`, at, run, id, fingerprint, why };
}
