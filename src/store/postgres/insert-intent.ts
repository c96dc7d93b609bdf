import { z } from 'zod';
import type { Intent, NewIntent } from '../contracts.ts';
import type { Queries } from './queries.ts';
import { at } from './values.ts';

const epochRow = z.object({ epoch: z.int() });

/**
 * Writes an intent down under the next epoch of its key, and its target as it was when the run had not touched it. Whether it may
 * begin, and that nobody else begins it meanwhile, is the caller's business.
 */
export async function insertIntent(
  queries: Queries,
  intent: NewIntent,
  recordedAt: number,
): Promise<Intent | undefined> {
  const { run, path, attempt, action, connection, target, baseline, requestDigest, sendBefore } = intent;
  await queries.run(
    `INSERT INTO targets (run, target, baseline, connection, action, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [run, target, JSON.stringify(baseline), connection, action, at(recordedAt)],
  );
  const [begun] = await queries.rows(
    epochRow,
    `INSERT INTO intents (run, path, attempt, epoch, action, connection, target, baseline, request_digest,
                          send_before, recorded_at)
     SELECT $1, $2, $3, coalesce(max(epoch), 0) + 1, $4, $5, $6, $7, $8, $9, $10
     FROM intents WHERE run = $1 AND path = $2 AND attempt = $3
     RETURNING epoch`,
    [
      run,
      path,
      attempt,
      action,
      connection,
      target,
      JSON.stringify(baseline),
      requestDigest,
      at(sendBefore),
      at(recordedAt),
    ],
  );
  return begun === undefined ? undefined : { ...intent, epoch: begun.epoch, recordedAt, sending: false };
}
