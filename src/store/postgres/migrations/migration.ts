/**
 * One step from a version of the tables to the next. Once released it never changes: another one follows it. A column that
 * it adds to a table has a default, so that backups from before can be restored.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
