import pg from 'pg';

/** A row, its columns by their names. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs statements on a connection of its own. @returns the rows of the last */
export async function statement(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const answers = (await client.query<Row>(sql)) as pg.QueryResult<Row> | readonly pg.QueryResult<Row>[];
    return ('rows' in answers ? answers : answers.at(-1))?.rows ?? [];
  } finally {
    await client.end();
  }
}
