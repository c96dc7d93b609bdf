import { z } from 'zod';
import { sha256 } from '../file-names.ts';
import { open, rewrap, seal, type EnvelopeKeys, type SealedBox } from '../sealed-box.ts';
import { SecretError } from '../secret-error.ts';
import type { KeptSecret, SecretName, SecretRecord, SecretStore } from '../secret-contracts.ts';
import type { Database } from './database.ts';
import { entered, type Enter } from './ledger.ts';
import { secretPurged, secretRefused, secretRevealed } from './secret-entries.ts';
import type { Queries } from './queries.ts';
import { bindingOf, BOX_COLUMNS, boxRow, RECORD_COLUMNS, recordRow } from './secret-rows.ts';
import { at, storable } from './values.ts';

/** Purged or put under another key at a time: a transaction holds the ledger, or the rows, for a moment only. */
const BATCH = 50;
/** The newest of what may be many years. */
const MAX_LISTED = 1_000;

const anyRow = z.object({});

/** What the store of secrets works with. */
export interface SecretParts {
  readonly now: () => number;
  /** Asked each time: the first seals, all open. */
  readonly keys: () => Promise<EnvelopeKeys>;
  /** How often each may be revealed. */
  readonly mayReveal: number;
}

/** Issued secrets, in the table `secrets`: a data key for each, under a key that is not in the database. */
export function postgresSecrets(database: Database, { now, keys, mayReveal }: SecretParts): SecretStore {
  const record = recordRow(mayReveal);
  const boxed = boxRow(mayReveal);

  const write = async (secret: KeptSecret, place: SealedBox | string): Promise<{ fingerprint: string }> => {
    const fingerprint = sha256(secret.value).slice(0, 16);
    const box = typeof place === 'string' ? undefined : place;
    const { id, connection, kind, run, runId, runbook, path, server, name, machines, revealTo } = secret;
    const expires = secret.expires === undefined ? NaN : Date.parse(secret.expires);
    const written = await database.run(
      `INSERT INTO secrets (id, connection, kind, run, run_id, runbook, path, server, name, machines, reveal_to,
                            fingerprint, kept_at, expires_at, elsewhere, key_id, wrapped, sealed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
       ON CONFLICT (id) DO UPDATE SET
         run = excluded.run, run_id = excluded.run_id, runbook = excluded.runbook, path = excluded.path,
         server = excluded.server, name = excluded.name, machines = excluded.machines,
         reveal_to = excluded.reveal_to, fingerprint = excluded.fingerprint, expires_at = excluded.expires_at,
         elsewhere = excluded.elsewhere, key_id = excluded.key_id, wrapped = excluded.wrapped, sealed = excluded.sealed
       WHERE secrets.connection = excluded.connection AND secrets.purged_at IS NULL`,
      [
        id,
        connection,
        kind,
        run,
        runId,
        runbook,
        path,
        storable(server),
        storable(name),
        machines.map((machine) => storable(machine)),
        revealTo,
        fingerprint,
        at(now()),
        Number.isNaN(expires) ? null : at(expires),
        typeof place === 'string' ? place : null,
        box?.keyId ?? null,
        box?.wrapped ?? null,
        box?.sealed ?? null,
      ],
    );
    if (written === 0 && (await find(id))?.connection !== connection) {
      throw new SecretError('secret.conflict', `secret ${id} of ${connection}`);
    }
    return { fingerprint };
  };

  const find = async (id: string): Promise<SecretRecord | undefined> => {
    const [found] = await database.rows(record, `SELECT ${RECORD_COLUMNS} FROM secrets WHERE id = $1`, [id]);
    return found;
  };

  /** Takes the sealed boxes away from what a condition finds, and enters it. */
  const purgeWhere = async (
    queries: Queries,
    enter: Enter,
    condition: string,
    values: readonly unknown[],
  ): Promise<number> => {
    const purgedAt = now();
    const purged = await queries.rows(
      record,
      `UPDATE secrets SET purged_at = $1, key_id = NULL, wrapped = NULL, sealed = NULL
       WHERE id IN (SELECT id FROM secrets WHERE purged_at IS NULL AND ${condition}
                    ORDER BY id LIMIT ${BATCH} FOR UPDATE)
       RETURNING ${RECORD_COLUMNS}`,
      [at(purgedAt), ...values],
    );
    for (const one of purged) enter(secretPurged(one, purgedAt));
    return purged.length;
  };

  const rewrapSome = (all: EnvelopeKeys, after: string, left: string[]) =>
    database.transaction(async (queries) => {
      const [envelope] = all;
      const found = await queries.rows(
        boxed,
        `SELECT ${BOX_COLUMNS} FROM secrets WHERE id > $1 AND key_id <> $2 ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
        [after, envelope.id],
      );
      let done = 0;
      for (const { record: one, box } of found) {
        if (box === undefined) continue;
        const next = attempted(() => rewrap(box, bindingOf(one), all));
        if (next === undefined) {
          left.push(one.id);
          continue;
        }
        done += 1;
        await queries.run('UPDATE secrets SET key_id = $2, wrapped = $3 WHERE id = $1', [
          one.id,
          next.keyId,
          next.wrapped,
        ]);
      }
      return { done, last: found.at(-1)?.record.id };
    });

  return {
    async prepare() {
      await keys();
      await database.rows(anyRow, 'SELECT 1 FROM secrets LIMIT 0');
    },
    keep: async (secret) => write(secret, seal(secret.value, bindingOf(secret), await keys())),
    note: write,
    async extend({ connection, id, expires }) {
      await database.run(
        'UPDATE secrets SET expires_at = $3 WHERE connection = $1 AND id = $2 AND purged_at IS NULL',
        [connection, id, at(Date.parse(expires))],
      );
    },
    forget: ({ connection, id }) =>
      entered(database, async (queries, enter) => {
        await queries.run(
          'UPDATE secrets SET revoked_at = coalesce(revoked_at, $3) WHERE connection = $1 AND id = $2',
          [connection, id, at(now())],
        );
        await purgeWhere(queries, enter, 'elsewhere IS NULL AND connection = $2 AND id = $3', [
          connection,
          id,
        ]);
      }),
    find,
    list: ({ runId, limit = MAX_LISTED } = {}) =>
      database.rows(
        record,
        `SELECT ${RECORD_COLUMNS} FROM secrets WHERE $1::text IS NULL OR run_id = $1
         ORDER BY kept_at DESC, id LIMIT $2`,
        [runId ?? null, Math.min(limit, MAX_LISTED)],
      ),
    async reveal({ id, actor }) {
      const all = await keys();
      return entered(database, async (queries, enter) => {
        const [found] = await queries.rows(
          boxed,
          `SELECT ${BOX_COLUMNS} FROM secrets WHERE id = $1 FOR UPDATE`,
          [id],
        );
        if (found === undefined) return { refused: 'notFound' };
        const { record: one, box } = found;
        const asked = now();
        const refused = whyNot(one, box, asked);
        if (refused !== undefined || box === undefined) {
          enter(secretRefused(one, actor, refused ?? 'gone', asked));
          return { refused: refused ?? 'gone' };
        }
        const value = open(box, bindingOf(one), all);
        const time = one.reveals + 1;
        await queries.run('UPDATE secrets SET reveals = $2 WHERE id = $1', [id, time]);
        enter(secretRevealed(one, actor, time, asked));
        // Handed out only when this is committed.
        return { value, time, record: { ...one, reveals: time } };
      });
    },
    refuse: ({ id, actor }) =>
      entered(database, async (queries, enter) => {
        const [one] = await queries.rows(record, `SELECT ${RECORD_COLUMNS} FROM secrets WHERE id = $1`, [id]);
        if (one !== undefined) enter(secretRefused(one, actor, 'notAllowed', now()));
      }),
    async purge(asOf) {
      let purged = 0;
      for (;;) {
        const some = await entered(database, (queries, enter) =>
          purgeWhere(queries, enter, 'elsewhere IS NULL AND expires_at <= $2', [at(asOf)]),
        );
        purged += some;
        if (some < BATCH) return purged;
      }
    },
    async rewrap() {
      const all = await keys();
      const left: string[] = [];
      let rewrapped = 0;
      for (let after: string | undefined = ''; after !== undefined;) {
        const { done, last }: { done: number; last: string | undefined } = await rewrapSome(all, after, left);
        rewrapped += done;
        after = last;
      }
      return { keyId: all[0].id, rewrapped, left };
    },
    due: (asOf, after = '') =>
      database.rows(
        record,
        `SELECT ${RECORD_COLUMNS} FROM secrets
         WHERE purged_at IS NULL AND elsewhere IS NOT NULL AND (revoked_at IS NOT NULL OR expires_at <= $1)
           AND id > $2
         ORDER BY id LIMIT ${BATCH}`,
        [at(asOf), after],
      ),
    purged: ({ connection, id }: SecretName) =>
      entered(database, async (queries, enter) => {
        await purgeWhere(queries, enter, 'elsewhere IS NOT NULL AND connection = $2 AND id = $3', [
          connection,
          id,
        ]);
      }),
  };
}

function whyNot(
  { elsewhere, expiresAt, revokedAt, purgedAt, reveals, mayReveal }: SecretRecord,
  box: SealedBox | undefined,
  asked: number,
) {
  if (purgedAt !== undefined || revokedAt !== undefined) return 'gone';
  if (expiresAt !== undefined && expiresAt <= asked) return 'gone';
  if (elsewhere !== undefined) return 'elsewhere';
  if (box === undefined) return 'gone';
  return reveals >= mayReveal ? 'usedUp' : undefined;
}

/** @returns undefined for what no key opens */
function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SecretError) return undefined;
    throw error;
  }
}
