import { z } from 'zod';
import type { Binding, SealedBox } from '../sealed-box.ts';
import type { SecretRecord } from '../secret-contracts.ts';
import { time } from './values.ts';

/** Of a secret, what may be known of it. */
export const RECORD_COLUMNS =
  'id, connection, kind, run, run_id, runbook, path, server, name, machines, reveal_to, fingerprint, kept_at, ' +
  'expires_at, reveals, elsewhere, revoked_at, purged_at';

const columns = {
  id: z.string(),
  connection: z.string(),
  kind: z.literal('recoveryToken'),
  run: z.string(),
  run_id: z.string(),
  runbook: z.string(),
  path: z.string(),
  server: z.string().nullable(),
  name: z.string(),
  machines: z.array(z.string()),
  reveal_to: z.string(),
  fingerprint: z.string(),
  kept_at: time,
  expires_at: time.nullable(),
  reveals: z.int(),
  elsewhere: z.string().nullable(),
  revoked_at: time.nullable(),
  purged_at: time.nullable(),
};
const rawRow = z.object(columns);

/** @param mayReveal how often each may be revealed */
export function recordRow(mayReveal: number) {
  return rawRow.transform((row): SecretRecord => recordOf(row, mayReveal));
}

export const BOX_COLUMNS = `${RECORD_COLUMNS}, key_id, wrapped, sealed`;

/** A record with its sealed box, where it has one. */
export function boxRow(mayReveal: number) {
  return z
    .object({
      ...columns,
      key_id: z.string().nullable(),
      wrapped: z.instanceof(Uint8Array).nullable(),
      sealed: z.instanceof(Uint8Array).nullable(),
    })
    .transform(({ key_id: keyId, wrapped, sealed, ...row }) => {
      const box: SealedBox | undefined =
        keyId === null || wrapped === null || sealed === null ? undefined : { keyId, wrapped, sealed };
      return { record: recordOf(row, mayReveal), box };
    });
}

function recordOf(row: z.output<typeof rawRow>, mayReveal: number): SecretRecord {
  const { run_id, server, reveal_to, kept_at, expires_at, elsewhere, revoked_at, purged_at, ...same } = row;
  return {
    ...same,
    runId: run_id,
    revealTo: reveal_to,
    keptAt: kept_at,
    mayReveal,
    ...(server === null ? {} : { server }),
    ...(expires_at === null ? {} : { expiresAt: expires_at }),
    ...(elsewhere === null ? {} : { elsewhere }),
    ...(revoked_at === null ? {} : { revokedAt: revoked_at }),
    ...(purged_at === null ? {} : { purgedAt: purged_at }),
  };
}

/** What a secret is sealed to. */
export function bindingOf(secret: Binding): Binding {
  const { id, connection, kind, run, runbook, path, revealTo } = secret;
  return { id, connection, kind, run, runbook, path, revealTo };
}
