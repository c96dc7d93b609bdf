import type { Migration } from './migration.ts';

/** What people write down about runs, what is found, how reports were reviewed, and what a run came to once it is over. */
export const notes: Migration = {
  version: 71,
  name: 'notes',
  sql: `
    CREATE TABLE note_files (
      digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
      body bytea NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE notes (
      id text PRIMARY KEY,
      run text NOT NULL,
      run_id text NOT NULL,
      written_at timestamptz NOT NULL,
      written_by text NOT NULL,
      body text NOT NULL,
      file_name text,
      file_bytes bigint,
      file_digest text REFERENCES note_files (digest)
    );
    CREATE INDEX notes_of_run ON notes (run, written_at);

    CREATE TABLE findings (
      id text PRIMARY KEY,
      run text,
      run_id text,
      raised_at timestamptz NOT NULL,
      closed_at timestamptz,
      finding json NOT NULL
    );
    COMMENT ON COLUMN findings.finding IS 'As it stands, without its history.';
    CREATE INDEX findings_of_run ON findings (run_id) WHERE run_id IS NOT NULL;
    CREATE INDEX open_findings ON findings (raised_at) WHERE closed_at IS NULL;

    CREATE TABLE finding_changes (
      finding text NOT NULL REFERENCES findings (id),
      number integer NOT NULL CHECK (number >= 0),
      changed_at timestamptz NOT NULL,
      changed_by text NOT NULL,
      what text NOT NULL,
      body text,
      document text NOT NULL,
      PRIMARY KEY (finding, number)
    );
    COMMENT ON COLUMN finding_changes.document IS 'Canonical JSON of the finding after it; the ledger has its SHA-256.';

    CREATE TABLE reviews (
      id text PRIMARY KEY,
      run text,
      begins_at timestamptz,
      ends_at timestamptz,
      report_digest text NOT NULL,
      signed_at timestamptz NOT NULL,
      claims json NOT NULL,
      jws text NOT NULL
    );
    CREATE INDEX reviews_of_run ON reviews (run, signed_at) WHERE run IS NOT NULL;

    ALTER TABLE runs
      ADD COLUMN report_digest text,
      ADD COLUMN summary json,
      ADD COLUMN summary_tries integer NOT NULL DEFAULT 0,
      ADD COLUMN summary_due_at timestamptz;
    COMMENT ON COLUMN runs.report_digest IS 'The report as it was right after the run, among the contents.';
    COMMENT ON COLUMN runs.summary IS 'What the report of a period says of it; absent until it is made.';
    CREATE INDEX runs_by_time ON runs (started_at);
    CREATE INDEX runs_to_sum_up ON runs (ended_at) WHERE ended_at IS NOT NULL AND summary IS NULL;
  `,
};
