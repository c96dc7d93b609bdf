import { z } from 'zod';
import { queryBoolean, queryInteger } from '../input.ts';

/** How many items a page has unless the client says so. */
const DEFAULT_LIMIT = 200;

/** A value that is one of these, spelt in any case. */
export function anyCase<const Values extends readonly string[]>(values: Values) {
  return z
    .string()
    .transform((text) => values.find((one) => one.toLowerCase() === text.toLowerCase()) ?? text)
    .pipe(z.enum(values));
}

/** A time in a query, as milliseconds. The `+` of an offset that was not encoded has come as a blank. */
export const queryTime = z
  .string()
  .transform((text) => text.trim().replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true, local: true }))
  .transform((text) => Date.parse(text));

export const queryId = z.string().toLowerCase();

/** The fields of every list: which page, and in which order. */
export function listFields<const Columns extends readonly string[]>(columns: Columns) {
  return {
    skip: queryInteger.default(0),
    limit: queryInteger.default(DEFAULT_LIMIT),
    orderColumn: anyCase(columns).optional(),
    orderAsc: queryBoolean.optional(),
    nameFilter: z.string().optional(),
  };
}

/** What an item is ordered by. Absent comes first. */
type Key = string | number | undefined;

export interface ListQuery<Column extends string> {
  readonly skip: number;
  readonly limit: number;
  readonly orderColumn?: Column | undefined;
  readonly orderAsc?: boolean | undefined;
  readonly nameFilter?: string | undefined;
}

/** How a list is filtered and ordered. */
export interface ListRules<Item, Column extends string> {
  readonly columns: Readonly<Record<Column, (item: Item) => Key>>;
  /** How it is ordered when the client does not say. */
  readonly usual: Readonly<{ column: Column; ascending: boolean }>;
  readonly nameOf: (item: Item) => string;
  /** Besides the name. */
  readonly isWanted?: (item: Item) => boolean;
}

interface Page<Shown> {
  readonly data: readonly Shown[];
  readonly pagination: Readonly<{ total: number; count: number; skip: number; limit: number }>;
}

/** The page that was asked for: filtered, then ordered, then cut. Only what is on it is shown in full. */
export function pageOf<Item, Column extends string, Shown>(
  items: readonly Item[],
  { skip, limit, orderColumn, orderAsc, nameFilter = '*' }: ListQuery<Column>,
  { columns, usual, nameOf, isWanted = () => true }: ListRules<Item, Column>,
  show: (item: Item) => Shown,
): Page<Shown> {
  const keyOf = columns[orderColumn ?? usual.column];
  const isAscending = orderAsc ?? (orderColumn === undefined ? usual.ascending : true);
  const matches = patternOf(nameFilter);
  const found = items
    .filter((item) => matches(nameOf(item)) && isWanted(item))
    .map((item) => ({ item, key: lowered(keyOf(item)) }))
    .sort((a, b) => compare(a.key, b.key) * (isAscending ? 1 : -1));
  const data = found.slice(skip, skip + limit).map(({ item }) => show(item));
  return { data, pagination: { total: found.length, count: data.length, skip, limit } };
}

/** Whether a name is like a filter: `*` stands for anything, in any case. */
export function patternOf(nameFilter: string): (name: string) => boolean {
  if (nameFilter === '*') return () => true;
  const parts = nameFilter.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 'is');
  return (name) => pattern.test(name);
}

function lowered(key: Key): Key {
  return typeof key === 'string' ? key.toLowerCase() : key;
}

function compare(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}
