import { z } from 'zod';
import type { ContentStore } from '../contracts.ts';
import { sha256 } from '../file-names.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';

const DIGEST = /^[0-9a-f]{64}$/;
const bodyRow = z.object({ body: z.string() });

/** Texts by their digest, in the table `contents`. */
export function postgresContents(database: Database): ContentStore {
  const { place } = database;
  return {
    async put(text) {
      const digest = sha256(text);
      // What is there and broken is mended: both bodies have the same name.
      await database.run(
        `INSERT INTO contents (digest, body) VALUES ($1, $2)
         ON CONFLICT (digest) DO UPDATE SET body = excluded.body WHERE contents.body <> excluded.body`,
        [digest, text],
      );
      return digest;
    },

    async get(digest) {
      const known = DIGEST.test(digest);
      const [found] = known
        ? await database.rows(bodyRow, 'SELECT body FROM contents WHERE digest = $1', [digest])
        : [];
      if (found === undefined) {
        const named = known ? `${place}, contents ${digest}` : `${place}, contents`;
        throw new StoreError('store.notFound', named);
      }
      if (sha256(found.body) !== digest) {
        throw new StoreError('store.corrupt', `${place}, contents ${digest}`);
      }
      return found.body;
    },
  };
}
