import type { Migration } from './migration.ts';

export const voteDrafts: Migration = {
  version: 20,
  name: 'vote drafts',
  sql: `
    CREATE TABLE vote_drafts (
      binding_hash text PRIMARY KEY,
      person text NOT NULL,
      draft json NOT NULL,
      made_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
    COMMENT ON TABLE vote_drafts IS 'Votes that wait for a login at the identity provider, minutes at most.';
  `,
};
