import type { Migration } from './migration.ts';

/** Secrets that runs were given. A row stays when its secret is purged. */
export const secrets: Migration = {
  version: 70,
  name: 'secrets',
  sql: `
    CREATE TABLE secrets (
      id text PRIMARY KEY,
      connection text NOT NULL,
      kind text NOT NULL,
      run text NOT NULL,
      run_id text NOT NULL,
      runbook text NOT NULL,
      path text NOT NULL,
      server text,
      name text NOT NULL,
      machines text[] NOT NULL,
      reveal_to text NOT NULL,
      fingerprint text NOT NULL,
      kept_at timestamptz NOT NULL,
      expires_at timestamptz,
      reveals integer NOT NULL DEFAULT 0,
      elsewhere text,
      key_id text,
      wrapped bytea,
      sealed bytea,
      revoked_at timestamptz,
      purged_at timestamptz,
      CHECK ((sealed IS NULL) = (wrapped IS NULL) AND (sealed IS NULL) = (key_id IS NULL)),
      CHECK ((sealed IS NULL) = (elsewhere IS NOT NULL OR purged_at IS NOT NULL))
    );
    COMMENT ON COLUMN secrets.wrapped IS 'The key of this secret under an envelope key that is not in the database.';
    COMMENT ON COLUMN secrets.elsewhere IS 'Where it is instead: an address in Vault.';
    CREATE INDEX secrets_by_run ON secrets (run_id);
    CREATE INDEX secrets_to_purge ON secrets (expires_at) WHERE purged_at IS NULL;
  `,
};
