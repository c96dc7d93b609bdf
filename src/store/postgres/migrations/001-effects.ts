import type { Migration } from './migration.ts';

/**
 * What runs need to act: compiled runbooks and outputs by digest, and the memory of commands. JSON is `json`, not `jsonb`:
 * it stays as it was written, also with characters that `jsonb` refuses.
 */
export const effects: Migration = {
  version: 1,
  name: 'effects',
  sql: `
    CREATE TABLE contents (
      digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
      body text NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE intents (
      run text NOT NULL,
      path text NOT NULL,
      attempt integer NOT NULL,
      epoch integer NOT NULL CHECK (epoch > 0),
      action text NOT NULL,
      connection text NOT NULL,
      target text NOT NULL,
      baseline json NOT NULL,
      request_digest text NOT NULL,
      send_before timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL,
      sending_at timestamptz,
      result json,
      PRIMARY KEY (run, path, attempt, epoch)
    );
    COMMENT ON COLUMN intents.sending_at IS 'The request was about to leave; without it nothing was sent.';

    CREATE TABLE targets (
      run text NOT NULL,
      target text NOT NULL,
      baseline json NOT NULL,
      connection text NOT NULL,
      action text NOT NULL,
      recorded_at timestamptz NOT NULL,
      PRIMARY KEY (run, target)
    );
    COMMENT ON TABLE targets IS 'What a run touched, as it was before the first command.';
  `,
};
