import type { z } from 'zod';

/** Statements, each by itself or within a transaction. */
export interface Queries {
  /**
   * The rows that a statement answers, each read by a schema.
   *
   * @throws StoreError `store.corrupt` for a row of another shape; and as `Database`
   */
  rows<Row extends z.ZodType>(
    row: Row,
    sql: string,
    values?: readonly unknown[],
  ): Promise<readonly z.output<Row>[]>;
  /** Runs a statement for its effect, and answers how many rows it touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
}
