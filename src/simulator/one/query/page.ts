import { z } from 'zod';
import { SimulatorError } from '../../errors.ts';
import { queryInteger, readInput } from '../../input.ts';
import type { Expression, Sort } from './expression.ts';
import { filterSchema, sortSchema } from './expression.ts';
import { compareValues, holds } from './holds.ts';
import type { Item } from './property.ts';
import { checkProperties, pick, valueOf } from './property.ts';

/** A parameter may be given several times. */
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]).default([]);

const pageSchema = z.object({
  Offset: queryInteger.default(0),
  Limit: queryInteger.default(100),
  Filter: texts,
  Sort: texts,
  Select: texts,
});

/** A collection as Veeam ONE answers it. `totalCount` counts what the filter leaves, before paging. */
export interface Page {
  readonly items: readonly Item[];
  readonly totalCount: number;
}

/** Applies Filter, Sort, Offset, Limit and Select of a query string, in this order. Throws `INVALID_REQUEST`. */
export function pageOf(all: readonly Item[], query: unknown): Page {
  return pageOfMany(all, (item) => item, query);
}

/** As `pageOf`, for thousands of things: they are only made into items when the page, a filter or an order needs it. */
export function pageOfMany<T>(all: readonly T[], show: (one: T) => Item, query: unknown): Page {
  const { Offset, Limit, Filter, Sort: sorts, Select } = readInput(pageSchema, query);
  const filters = Filter.filter(isGiven).map((text) => parse('Filter', filterSchema, text));
  const orders = sorts.filter(isGiven).flatMap((text) => parse('Sort', sortSchema, text));
  const selected = Select.flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter(isGiven);
  const slice = <U>(list: readonly U[]): readonly U[] => list.slice(Offset, Offset + Limit);
  const select = (items: readonly Item[]): readonly Item[] =>
    selected.length === 0 ? items : items.map((item) => pick(item, selected));

  if (filters.length === 0 && orders.length === 0) {
    const items = slice(all).map(show);
    checkProperties(items, selected);
    return { items: select(items), totalCount: all.length };
  }
  const items = all.map(show);
  checkProperties(items, [
    ...filters.flatMap(propertiesOf),
    ...orders.map(({ property }) => property),
    ...selected,
  ]);
  const found = sorted(
    items.filter((item) => filters.every((filter) => holds(item, filter))),
    orders,
  );
  return { items: select(slice(found)), totalCount: found.length };
}

function isGiven(text: string): boolean {
  return text.trim() !== '';
}

function propertiesOf(expression: Expression): string[] {
  return 'property' in expression ? [expression.property] : expression.items.flatMap(propertiesOf);
}

function sorted(items: readonly Item[], orders: readonly Sort[]): readonly Item[] {
  if (orders.length === 0) return items;
  return [...items].sort((a, b) => {
    for (const order of orders) {
      const compared = compareBy(order, a, b);
      if (compared !== 0) return order.direction === 'ascending' ? compared : -compared;
    }
    return 0;
  });
}

/** Nothing comes before everything. */
function compareBy({ property, collation }: Sort, a: Item, b: Item): number {
  const [left, right] = [valueOf(a, property), valueOf(b, property)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compareValues(left, right, collation) ?? 0;
}

function parse<T>(name: string, schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new SimulatorError('INVALID_REQUEST', `${name} is not valid: ${z.prettifyError(parsed.error)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
