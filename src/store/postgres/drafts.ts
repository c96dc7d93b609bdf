import { z } from 'zod';
import type { DraftStore, KeptDraft } from '../draft-contracts.ts';
import type { Database } from './database.ts';
import { at, json, time } from './values.ts';

const draftRow = z
  .object({ binding_hash: z.string(), person: z.string(), draft: json, made_at: time, expires_at: time })
  .transform(({ binding_hash, person, draft, made_at, expires_at }): KeptDraft => ({
    bindingHash: binding_hash,
    person,
    draft,
    madeAt: made_at,
    expiresAt: expires_at,
  }));

/** Votes that wait for a login, in the table `vote_drafts`. */
export function postgresDrafts(database: Database): DraftStore {
  return {
    async keep({ bindingHash, person, draft, madeAt, expiresAt }) {
      await database.run('DELETE FROM vote_drafts WHERE expires_at <= $1', [at(madeAt)]);
      await database.run(
        `INSERT INTO vote_drafts (binding_hash, person, draft, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
        [bindingHash, person, JSON.stringify(draft), at(madeAt), at(expiresAt)],
      );
    },
    async take(bindingHash, now) {
      const [taken] = await database.rows(
        draftRow,
        'DELETE FROM vote_drafts WHERE binding_hash = $1 AND expires_at > $2 RETURNING *',
        [bindingHash, at(now)],
      );
      return taken;
    },
  };
}
