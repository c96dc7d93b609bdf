import pg from 'pg';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** A table of muster's, as the server describes it. Its names stand in quotes: they can be put into a statement. */
export interface Table {
  readonly name: string;
  readonly quoted: string;
  /** Without those that the server computes. */
  readonly columns: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly quoted: string;
  /** As in a cast. */
  readonly type: string;
  /** Whether the server counts it up by itself. */
  readonly isIdentity: boolean;
}

const columnRow = z.object({
  table_name: z.string(),
  column_name: z.string(),
  type: z.string(),
  is_identity: z.boolean(),
});
const referenceRow = z.object({ from_table: z.string(), to_table: z.string() });

/** All tables but that of the migrations, each after those that it refers to: in an order in which they can be filled. */
export async function tablesIn(queries: Queries): Promise<readonly Table[]> {
  const columns = await queries.rows(
    columnRow,
    `SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
            a.attidentity <> '' AS is_identity
     FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
       AND c.relname <> 'muster_migrations'
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY c.relname COLLATE "C", a.attnum`,
  );
  const references = await queries.rows(
    referenceRow,
    `SELECT DISTINCT f.relname AS from_table, t.relname AS to_table
     FROM pg_constraint AS r JOIN pg_class AS f ON f.oid = r.conrelid JOIN pg_class AS t ON t.oid = r.confrelid
     WHERE r.contype = 'f' AND r.connamespace = current_schema()::regnamespace AND f.oid <> t.oid`,
  );
  const names = [...new Set(columns.map(({ table_name }) => table_name))];
  return inOrder(names, references).map((name) => ({
    name,
    quoted: pg.escapeIdentifier(name),
    columns: columns
      .filter(({ table_name }) => table_name === name)
      .map(({ column_name, type, is_identity }) => ({
        name: column_name,
        quoted: pg.escapeIdentifier(column_name),
        type,
        isIdentity: is_identity,
      })),
  }));
}

function inOrder(
  names: readonly string[],
  references: readonly z.output<typeof referenceRow>[],
): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.has(name) || above.includes(name)) return;
    for (const { from_table, to_table } of references) {
      if (from_table === name) visit(to_table, [...above, name]);
    }
    ordered.add(name);
  };
  for (const name of names) visit(name, []);
  return [...ordered];
}
