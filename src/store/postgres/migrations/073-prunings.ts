import type { Migration } from './migration.ts';

/**
 * What was removed from the ledger, and what must not be. The text of an entry goes only in the transaction that writes down
 * that it goes; everything else about the ledger stays as refused as before.
 */
export const prunings: Migration = {
  version: 73,
  name: 'prunings',
  sql: `
    CREATE TABLE prunings (
      id text PRIMARY KEY,
      pruned_at timestamptz NOT NULL,
      actor text NOT NULL,
      statement text NOT NULL,
      written_in xid8 NOT NULL
    );
    COMMENT ON COLUMN prunings.statement IS 'DSSE envelope: which entries, by which rules, signed by the ledger.';
    COMMENT ON COLUMN prunings.written_in IS 'The transaction that may remove what it names.';

    CREATE TABLE pruned_ranges (
      pruning text NOT NULL REFERENCES prunings (id),
      first bigint NOT NULL,
      last bigint NOT NULL CHECK (last >= first),
      PRIMARY KEY (pruning, first)
    );

    CREATE TABLE holds (
      id text PRIMARY KEY,
      run text NOT NULL,
      run_id text NOT NULL,
      reason text NOT NULL,
      set_by text NOT NULL,
      set_at timestamptz NOT NULL,
      lifted_by text,
      lifted_at timestamptz
    );
    CREATE UNIQUE INDEX holds_in_force ON holds (run) WHERE lifted_at IS NULL;

    CREATE FUNCTION own_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.written_in := pg_current_xact_id();
      RETURN NEW;
    END $$;
    CREATE TRIGGER prunings_are_of_now BEFORE INSERT ON prunings
      FOR EACH ROW EXECUTE FUNCTION own_transaction();
    CREATE TRIGGER prunings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON prunings
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER pruned_ranges_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON pruned_ranges
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

    ALTER TABLE ledger ALTER COLUMN entry DROP NOT NULL;
    COMMENT ON COLUMN ledger.entry IS
      'Canonical JSON; the leaf is SHA-256 of a zero byte and its UTF-8 bytes. Null: removed by a pruning, the leaf stays.';

    CREATE FUNCTION only_prune() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.entry IS NOT NULL AND NEW.entry IS NULL
        AND (NEW.position, NEW.key, NEW.kind, NEW.leaf) = (OLD.position, OLD.key, OLD.kind, OLD.leaf)
        AND NEW.run IS NOT DISTINCT FROM OLD.run
        AND OLD.kind NOT IN ('pruning', 'hold.set', 'hold.lifted', 'ledger.key')
        AND EXISTS (
          SELECT FROM pruned_ranges AS r JOIN prunings AS p ON p.id = r.pruning
          WHERE p.written_in = pg_current_xact_id() AND OLD.position BETWEEN r.first AND r.last
        )
      THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'The ledger is only ever added to.' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    DROP TRIGGER ledger_stays ON ledger;
    CREATE TRIGGER ledger_stays BEFORE DELETE OR TRUNCATE ON ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER ledger_texts_stay BEFORE UPDATE ON ledger
      FOR EACH ROW EXECUTE FUNCTION only_prune();
  `,
};
