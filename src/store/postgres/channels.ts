import { z } from 'zod';
import type { ChannelHealth, ChannelStore } from '../channel-contracts.ts';
import type { Database } from './database.ts';
import { at, time } from './values.ts';

const MAX_REASON = 1_000;

const channelRow = z
  .object({
    name: z.string(),
    taken_at: time.nullable(),
    failed_at: time.nullable(),
    reason: z.string().nullable(),
    failures: z.int(),
  })
  .transform(({ name, taken_at, failed_at, reason, failures }): ChannelHealth => ({
    channel: name,
    ...(taken_at === null ? {} : { takenAt: taken_at }),
    ...(failed_at === null ? {} : { failedAt: failed_at }),
    ...(reason === null ? {} : { reason }),
    failures,
  }));

/** How every channel that was ever used did, by name. */
export function channelHealthIn(database: Database): Promise<readonly ChannelHealth[]> {
  return database.rows(
    channelRow,
    'SELECT name, taken_at, failed_at, reason, failures FROM channels ORDER BY name',
  );
}

/** What became of messages, in the table `channels`. */
export function postgresChannels(database: Database, now: () => number): ChannelStore {
  return {
    async took(channel) {
      await database.run(
        `INSERT INTO channels (name, taken_at, failures) VALUES ($1, $2, 0)
         ON CONFLICT (name) DO UPDATE SET taken_at = $2, failures = 0`,
        [channel, at(now())],
      );
    },
    async failed(channel, reason) {
      await database.run(
        `INSERT INTO channels (name, failed_at, reason, failures) VALUES ($1, $2, $3, 1)
         ON CONFLICT (name) DO UPDATE SET failed_at = $2, reason = $3, failures = channels.failures + 1`,
        [channel, at(now()), reason.slice(0, MAX_REASON)],
      );
    },
    all: () => channelHealthIn(database),
  };
}
