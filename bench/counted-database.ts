import type { Database, Queries } from '../src/store/index.ts';

/** A database that counts what it has to bring to the disk. */
export interface CountedDatabase extends Database {
  /** Transactions and single statements that changed something. */
  readonly commits: () => number;
}

/** What only reads commits nothing that the disk has to hold. */
const READS = /^\s*SELECT\b/i;

export function countedDatabase(database: Database): CountedDatabase {
  let commits = 0;
  const count = (sql: string): void => {
    if (!READS.test(sql)) commits += 1;
  };
  return {
    place: database.place,
    commits: () => commits,
    rows(row, sql, values) {
      count(sql);
      return database.rows(row, sql, values);
    },
    run(sql, values) {
      count(sql);
      return database.run(sql, values);
    },
    transaction(work) {
      commits += 1;
      return database.transaction(work);
    },
    close: () => database.close(),
  };
}

/** The tables that only the ledger has. */
const LEDGER = /\b(?:ledger|ledger_head|checkpoints)\b/;

/** The same database, where nothing is entered: statements of the ledger do nothing and find nothing. */
export function withoutLedger(database: Database): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction((queries) => {
        const without: Queries = {
          rows: (row, sql, values) =>
            LEDGER.test(sql) ? Promise.resolve([]) : queries.rows(row, sql, values),
          run: (sql, values) => (LEDGER.test(sql) ? Promise.resolve(0) : queries.run(sql, values)),
        };
        return work(without);
      }),
  };
}
