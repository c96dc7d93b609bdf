import { z } from 'zod';
import type { Intent, IntentKey, IntentStore } from '../contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';
import { FREEZE_LOCK, pendingFreezes } from './freezes.ts';
import { insertIntent } from './insert-intent.ts';
import { entered } from './ledger.ts';
import { effectRecorded, intentRecorded } from './ledger-entries.ts';
import { takeTurns } from './take-turns.ts';
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
const newestRow = z.object({ attempt: z.int(), epoch: z.int() });

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

const TOOK_EFFECT: ReadonlySet<string> = new Set(['done', 'adopted']);

const OF_KEY = 'run = $1 AND path = $2 AND attempt = $3';
const OF_EPOCH = `${OF_KEY} AND epoch = $4`;

/** The memory of commands, in the tables `intents` and `targets`. */
export function postgresIntents(database: Database, now: () => number): IntentStore {
  const keyOf = ({ run, path, attempt }: IntentKey): unknown[] => [run, path, attempt];
  const named = ({ run, path, attempt }: IntentKey): string =>
    `${database.place}, intent ${run} ${path} ${attempt}`;

  return {
    begin: (intent, ledTo = []) =>
      entered(database, async (queries, enter) => {
        const recordedAt = now();
        // Writers of one key take turns: of two that begin at once, one does.
        await takeTurns(queries, 'intent', ...keyOf(intent));
        const [other] = await queries.rows(
          epochRow,
          `SELECT epoch FROM intents
           WHERE run = $1 AND path = $2
             AND (attempt > $3 OR (attempt = $3 AND coalesce(result ->> 'how', '') <> 'notDone'))
           LIMIT 1`,
          keyOf(intent),
        );
        if (other !== undefined) {
          const detail = 'Another attempt has begun it, and may have sent it.';
          throw new StoreError('store.conflict', named(intent), { detail });
        }
        const begun = await insertIntent(queries, intent, recordedAt);
        if (begun === undefined) throw new StoreError('store.unavailable', named(intent));
        ledTo.forEach(enter);
        enter(intentRecorded(begun, recordedAt));
        return begun;
      }),

    async sending(intent, assertFree = () => undefined) {
      const touched = await database.transaction(async (queries) => {
        await queries.run('SELECT pg_advisory_xact_lock_shared($1)', [FREEZE_LOCK]);
        assertFree(await pendingFreezes(queries, now()));
        return queries.run(
          `UPDATE intents SET sending_at = coalesce(sending_at, $5)
           WHERE ${OF_EPOCH} AND result IS NULL
             AND NOT EXISTS (SELECT FROM intents AS newer WHERE newer.run = $1 AND newer.path = $2
                             AND (newer.attempt > $3 OR (newer.attempt = $3 AND newer.epoch > $4)))`,
          [...keyOf(intent), intent.epoch, at(now())],
        );
      });
      // What is not recorded must not be sent.
      if (touched === 0) {
        throw new StoreError('store.unavailable', named(intent), { detail: 'The intent was given up.' });
      }
    },

    abandon: (intent, givenUpAt) =>
      entered(database, async (queries, enter) => {
        const ended = { how: 'notDone', at: givenUpAt } as const;
        const touched = await queries.run(
          `UPDATE intents SET result = $5 WHERE ${OF_EPOCH} AND result IS NULL AND sending_at IS NULL`,
          [...keyOf(intent), intent.epoch, JSON.stringify(ended)],
        );
        if (touched === 1) {
          enter(effectRecorded(intent, ended));
          return true;
        }
        const [found] = await queries.rows(intentRow, `SELECT * FROM intents WHERE ${OF_EPOCH}`, [
          ...keyOf(intent),
          intent.epoch,
        ]);
        return found?.result?.how === 'notDone';
      }),

    underWay: (since) =>
      database.rows(
        intentRow,
        'SELECT * FROM intents WHERE sending_at >= $1 AND result IS NULL ORDER BY sending_at',
        [at(since)],
      ),

    async isNewest(intent) {
      const [newest] = await database.rows(
        newestRow,
        'SELECT attempt, epoch FROM intents WHERE run = $1 AND path = $2 ORDER BY attempt DESC, epoch DESC LIMIT 1',
        [intent.run, intent.path],
      );
      return newest?.attempt === intent.attempt && newest.epoch === intent.epoch;
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
      const recorded = await entered(database, async (queries, enter) => {
        const touched = await queries.run(
          `UPDATE intents SET result = $5 WHERE ${OF_EPOCH} AND result IS NULL`,
          [...keyOf(intent), intent.epoch, JSON.stringify(ended)],
        );
        if (touched === 1) enter(effectRecorded(intent, ended));
        return touched;
      });
      if (recorded === 1) return;
      const [found] = await database.rows(intentRow, `SELECT * FROM intents WHERE ${OF_EPOCH}`, [
        ...keyOf(intent),
        intent.epoch,
      ]);
      const first = found?.result;
      // Said by the server, or seen afterwards: it took effect, and the first who says so stays.
      if (first !== undefined && TOOK_EFFECT.has(first.how) && TOOK_EFFECT.has(ended.how)) return;
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
