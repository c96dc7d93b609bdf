import { z } from 'zod';
import { SimulatorError } from '../errors.ts';
import { queryInteger, readInput } from '../input.ts';
import type { Item, Predicate } from './expressions.ts';
import { compare, compile, lowerKeys, parseExpression, readerOf } from './expressions.ts';

const sortSchema = z.array(
  z.preprocess(
    lowerKeys,
    z.object({
      property: z.string().min(1),
      direction: z
        .string()
        .toUpperCase()
        .pipe(z.enum(['ASC', 'DESC']))
        .default('ASC'),
    }),
  ),
);

const pageSchema = z.object({
  start: queryInteger.default(0),
  limit: queryInteger.optional(),
  filter: z.string().default('[]'),
  sort: z.string().default('[]'),
});

/** A collection as VRO answers it. `total` counts what the filter leaves, before paging. */
export interface Page {
  readonly total: number;
  readonly data: readonly Item[];
}

/**
 * Applies `filter`, `sort`, `start` and `limit` of a query to things as they are shown, in this order, wherever they
 * stand in the query. Throws `INVALID_REQUEST` for what it cannot read, and for a property that is not there.
 */
export function pageOf<T>(
  things: readonly T[],
  query: unknown,
  show: (thing: T, index: number) => Item,
): Page {
  const { start, limit, filter, sort } = readInput(pageSchema, query);
  const end = limit === undefined ? undefined : start + limit;
  const matches = filterOf(filter);
  const order = orderOf(sort);
  if (matches === undefined && order === undefined) {
    // Nobody looks at the others, of which there may be thousands.
    const data = things.slice(start, end).map((thing, index) => show(thing, start + index));
    return { total: things.length, data };
  }
  const shown = things.map(show);
  const found = matches === undefined ? shown : shown.filter(matches);
  if (order !== undefined) found.sort(order);
  return { total: found.length, data: found.slice(start, end) };
}

/** For things that are items already. */
export function asItIs(item: Item): Item {
  return item;
}

function filterOf(text: string): Predicate | undefined {
  const items = readParameter('filter', z.array(z.unknown()), text).map((one) => parseExpression(one));
  return items.length === 0 ? undefined : compile({ operator: '&&', items });
}

function orderOf(text: string): ((a: Item, b: Item) => number) | undefined {
  const keys = readParameter('sort', sortSchema, text).map(({ property, direction }) => ({
    read: readerOf(property),
    sign: direction === 'ASC' ? 1 : -1,
  }));
  if (keys.length === 0) return undefined;
  return (a, b) => {
    for (const { read, sign } of keys) {
      const order = compare(read(a), read(b));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function readParameter<T>(name: string, schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = text.trim() === '' ? [] : JSON.parse(text);
  } catch (cause) {
    throw new SimulatorError('INVALID_REQUEST', `The request is invalid: ${name} is not JSON.`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SimulatorError(
    'INVALID_REQUEST',
    `The request is invalid: ${name}: ${z.prettifyError(parsed.error)}`,
  );
}
