import { z } from 'zod';
import type { Intent, IntentKey, IntentStore } from '../contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';
import { FREEZE_LOCK, pendingFreezes } from './freezes.ts';
import { at, json, time } from './values.ts';

const result = z.strictObject({
  how: z.enum(['done', 'adopted', 'notDone', 'unclear']),
  at: z.number(),
  detail: z.string().exactOptional(),
});

const intentRow = z
  .object({
    run: z.string(),
    path: z.string(),
    attempt: z.int(),
    epoch: z.int(),
    action: z.string(),
    connection: z.string(),
    target: z.string(),
    baseline: json,
    request_digest: z.string(),
    send_before: time,
    recorded_at: time,
    sending_at: time.nullable(),
    result: result.nullable(),
  })
  .transform(({ request_digest, send_before, recorded_at, sending_at, result: ended, ...same }): Intent => ({
    ...same,
    requestDigest: request_digest,
    sendBefore: send_before,
    recordedAt: recorded_at,
    sending: sending_at !== null,
    ...(ended === null ? {} : { result: ended }),
  }));

const epochRow = z.object({ epoch: z.int() });

const touchedRow = z
  .object({
    target: z.string(),
    baseline: json,
    connection: z.string(),
    action: z.string(),
    recorded_at: time,
    sent: z.array(z.string()),
  })
  .transform(({ recorded_at, ...same }) => ({ ...same, recordedAt: recorded_at }));

const OF_KEY = 'run = $1 AND path = $2 AND attempt = $3';
const OF_EPOCH = `${OF_KEY} AND epoch = $4`;

/** The memory of commands, in the tables `intents` and `targets`. */
export function postgresIntents(database: Database, now: () => number): IntentStore {
  const keyOf = ({ run, path, attempt }: IntentKey): unknown[] => [run, path, attempt];
  const named = ({ run, path, attempt }: IntentKey): string =>
    `${database.place}, intent ${run} ${path} ${attempt}`;

  return {
    begin: (intent) =>
      database.transaction(async (queries) => {
        const { target, baseline, connection, action, requestDigest, sendBefore } = intent;
        const recordedAt = now();
        // Writers of one key take turns: of two that begin at once, each gets an epoch of its own.
        await queries.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
          JSON.stringify(keyOf(intent)),
        ]);
        await queries.run(
          `INSERT INTO targets (run, target, baseline, connection, action, recorded_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
          [intent.run, target, JSON.stringify(baseline), connection, action, at(recordedAt)],
        );
        const [begun] = await queries.rows(
          epochRow,
          `INSERT INTO intents (run, path, attempt, epoch, action, connection, target, baseline, request_digest,
                                send_before, recorded_at)
           SELECT $1, $2, $3, coalesce(max(epoch), 0) + 1, $4, $5, $6, $7, $8, $9, $10
           FROM intents WHERE ${OF_KEY}
           RETURNING epoch`,
          [
            ...keyOf(intent),
            action,
            connection,
            target,
            JSON.stringify(baseline),
            requestDigest,
            at(sendBefore),
            at(recordedAt),
          ],
        );
        if (begun === undefined) throw new StoreError('store.unavailable', named(intent));
        return { ...intent, epoch: begun.epoch, recordedAt, sending: false };
      }),

    async sending(intent, assertFree = () => undefined) {
      const touched = await database.transaction(async (queries) => {
        await queries.run('SELECT pg_advisory_xact_lock_shared($1)', [FREEZE_LOCK]);
        assertFree(await pendingFreezes(queries, now()));
        return queries.run(`UPDATE intents SET sending_at = coalesce(sending_at, $5) WHERE ${OF_EPOCH}`, [
          ...keyOf(intent),
          intent.epoch,
          at(now()),
        ]);
      });
      // What is not recorded must not be sent.
      if (touched === 0) {
        throw new StoreError('store.unavailable', named(intent), { detail: 'The intent is gone.' });
      }
    },

    underWay: (since) =>
      database.rows(
        intentRow,
        'SELECT * FROM intents WHERE sending_at >= $1 AND result IS NULL ORDER BY sending_at',
        [at(since)],
      ),

    async isNewest(intent) {
      const [newest] = await database.rows(
        epochRow,
        `SELECT epoch FROM intents WHERE ${OF_KEY} ORDER BY epoch DESC LIMIT 1`,
        keyOf(intent),
      );
      return newest?.epoch === intent.epoch;
    },

    async latest(key) {
      const [newest] = await database.rows(
        intentRow,
        `SELECT * FROM intents WHERE ${OF_KEY} ORDER BY epoch DESC LIMIT 1`,
        keyOf(key),
      );
      return newest;
    },

    async finish(intent, ended) {
      const recorded = await database.run(
        `UPDATE intents SET result = $5 WHERE ${OF_EPOCH} AND result IS NULL`,
        [...keyOf(intent), intent.epoch, JSON.stringify(ended)],
      );
      if (recorded === 1) return;
      const [found] = await database.rows(intentRow, `SELECT * FROM intents WHERE ${OF_EPOCH}`, [
        ...keyOf(intent),
        intent.epoch,
      ]);
      const first = found?.result;
      if (first?.how !== ended.how || first.detail !== ended.detail) {
        const detail = `The intent has ended as ${first?.how ?? 'nothing'}, so it cannot end as ${ended.how}.`;
        throw new StoreError('store.conflict', named(intent), { detail });
      }
    },

    targetsOf: (run) =>
      database.rows(
        touchedRow,
        `SELECT target, baseline, connection, action, recorded_at,
                ARRAY(SELECT sent.action FROM intents AS sent
                      WHERE sent.run = targets.run AND sent.target = targets.target
                        AND sent.sending_at IS NOT NULL AND coalesce(sent.result ->> 'how', '') <> 'notDone'
                      ORDER BY sent.path, sent.attempt, sent.epoch) AS sent
         FROM targets WHERE run = $1 ORDER BY target COLLATE "C"`,
        [run],
      ),
  };
}
