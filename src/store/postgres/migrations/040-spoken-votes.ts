import type { Migration } from './migration.ts';

/** What witnesses heard approvers say on the phone, and what of it did not count. */
export const spokenVotes: Migration = {
  version: 40,
  name: 'spoken-votes',
  sql: `
    CREATE TABLE spoken_votes (
      id text PRIMARY KEY,
      run text NOT NULL,
      run_id text NOT NULL,
      gate text NOT NULL,
      nonce text NOT NULL,
      digest text NOT NULL,
      approver text NOT NULL,
      decision text NOT NULL,
      comment text,
      witness text NOT NULL,
      code text NOT NULL,
      heard_at timestamptz NOT NULL,
      refusal text,
      vote text
    );
    COMMENT ON COLUMN spoken_votes.code IS 'As it was entered; empty where it does not count.';
    COMMENT ON COLUMN spoken_votes.vote IS 'The vote that came of it, once there were two witnesses.';
    CREATE INDEX spoken_votes_by_gate ON spoken_votes (nonce, witness);
    CREATE INDEX spoken_votes_by_vote ON spoken_votes (vote);
    CREATE INDEX refused_spoken_votes ON spoken_votes (run, heard_at) WHERE refusal IS NOT NULL;
  `,
};
