import type { Migration } from './migration.ts';

/** The ledger: what is entered stays. Whoever owns the tables can take the triggers away; the tree and its witnesses tell. */
export const ledger: Migration = {
  version: 60,
  name: 'ledger',
  sql: `
    CREATE TABLE ledger (
      position bigint PRIMARY KEY CHECK (position >= 0),
      key text NOT NULL UNIQUE,
      run text,
      kind text NOT NULL,
      entry text NOT NULL,
      leaf bytea NOT NULL CHECK (length(leaf) = 32)
    );
    COMMENT ON COLUMN ledger.entry IS 'Canonical JSON; the leaf is SHA-256 of a zero byte and its UTF-8 bytes.';
    CREATE INDEX ledger_by_run ON ledger (run, position) WHERE run IS NOT NULL;

    CREATE TABLE ledger_head (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      size bigint NOT NULL,
      frontier bytea[] NOT NULL
    );
    COMMENT ON TABLE ledger_head IS 'The perfect subtrees of the tree, largest first: enough to append to it.';

    CREATE TABLE checkpoints (
      size bigint PRIMARY KEY,
      note text NOT NULL,
      signed_at timestamptz NOT NULL
    );

    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'The ledger is only ever added to.' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER checkpoints_stay BEFORE DELETE OR TRUNCATE ON checkpoints
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  `,
};
