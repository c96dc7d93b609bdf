/** One step from a version of the tables to the next. Once released it never changes: another one follows it. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
