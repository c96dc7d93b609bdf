import { z } from 'zod';
import type { PeopleStore } from '../people-contracts.ts';
import type { Database } from './database.ts';
import { at, time } from './values.ts';

/** Names that nobody has are tried, too: what they leave behind goes after this. */
const SWEEP_AFTER_MS = 24 * 60 * 60_000;

const tryRow = z.object({ key: z.string(), failures: z.int(), failed_at: time, blocked_until: time });

/** How often somebody tried to sign in, and the passcodes that were used. */
export function postgresTries(
  database: Database,
): Pick<PeopleStore, 'takePasscodeStep' | 'beginTry' | 'forgiveTry' | 'clearTries'> {
  return {
    async takePasscodeStep(person, step) {
      const taken = await database.run(
        `INSERT INTO passcode_steps (person, step) VALUES ($1, $2)
         ON CONFLICT (person) DO UPDATE SET step = excluded.step WHERE passcode_steps.step < excluded.step`,
        [person, step],
      );
      return taken === 1;
    },

    beginTry: (limits, { at: triedAt, forgetBefore, evenIfBlocked = false }) =>
      database.transaction(async (queries) => {
        await queries.run('DELETE FROM throttles WHERE failed_at < $1', [at(triedAt - SWEEP_AFTER_MS)]);
        // In one order everywhere, so that two who try at once do not wait for each other.
        const keys = limits.map(({ key }) => key).sort();
        await queries.run(
          `INSERT INTO throttles (key, failures, failed_at, blocked_until)
           SELECT key, 0, $2, $2 FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT DO NOTHING`,
          [keys, at(triedAt)],
        );
        const found = await queries.rows(
          tryRow,
          'SELECT * FROM throttles WHERE key = ANY($1) ORDER BY key FOR UPDATE',
          [keys],
        );
        const blockedUntil = Math.max(...found.map(({ blocked_until }) => blocked_until));
        if (blockedUntil > triedAt && !evenIfBlocked) return blockedUntil;
        for (const { key, failures, failed_at } of found) {
          const tries = (failed_at < forgetBefore ? 0 : failures) + 1;
          const blockMs = limits.find((limit) => limit.key === key)?.blockMs(tries) ?? 0;
          await queries.run(
            'UPDATE throttles SET failures = $2, failed_at = $3, blocked_until = $4 WHERE key = $1',
            [key, tries, at(triedAt), at(triedAt + blockMs)],
          );
        }
        return undefined;
      }),
    async forgiveTry(key, forgivenAt) {
      await database.run(
        'UPDATE throttles SET failures = greatest(failures - 1, 0), blocked_until = $2 WHERE key = $1',
        [key, at(forgivenAt)],
      );
    },
    async clearTries(key) {
      await database.run('DELETE FROM throttles WHERE key = $1', [key]);
    },
  };
}
