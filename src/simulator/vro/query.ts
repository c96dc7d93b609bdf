import { z } from 'zod';
import { SimulatorError } from '../errors.ts';
import { queryInteger, readInput } from '../input.ts';

type Item = Readonly<Record<string, unknown>>;
type Comparison = (actual: unknown, expected: unknown) => boolean;

type Expression =
  | { operator: '&&' | '||'; items: Expression[] }
  | { operator: '==' | '!=' | '>' | '<' | 'in' | 'like'; property: string; value: unknown };

const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.object({ operator: z.enum(['&&', '||']), items: z.array(expressionSchema) }),
    z.object({
      operator: z.enum(['==', '!=', '>', '<', 'in', 'like']),
      property: z.string().min(1),
      value: z.unknown(),
    }),
  ]),
);
const sortSchema = z.array(
  z.object({
    property: z.string().min(1),
    direction: z
      .string()
      .toUpperCase()
      .pipe(z.enum(['ASC', 'DESC']))
      .default('ASC'),
  }),
);

const pageSchema = z.object({
  start: queryInteger.default(0),
  limit: queryInteger.optional(),
  filter: z.string().default('[]'),
  sort: z.string().default('[]'),
});

/** A collection as VRO answers it. `total` counts what the filter leaves, before paging. */
export interface Page<T> {
  readonly total: number;
  readonly data: readonly T[];
}

/** Applies `filter`, `sort`, `start` and `limit` of a query string, in this order. Throws `INVALID_REQUEST`. */
export function pageOf<T extends Item>(items: readonly T[], query: unknown): Page<T> {
  const { start, limit, filter, sort } = readInput(pageSchema, query);
  const expressions = parseParameter('filter', z.array(expressionSchema), filter);
  const orders = parseParameter('sort', sortSchema, sort);
  const found = items
    .filter((item) => expressions.every((expression) => holds(item, expression)))
    .sort((a, b) => {
      for (const { property, direction } of orders) {
        const order = compare(valueOf(a, property), valueOf(b, property));
        if (order !== 0) return direction === 'ASC' ? order : -order;
      }
      return 0;
    });
  return { total: found.length, data: found.slice(start, limit === undefined ? undefined : start + limit) };
}

function parseParameter<T>(name: string, schema: z.ZodType<T>, text: string): T {
  const json = readJson(text);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SimulatorError(
    'INVALID_REQUEST',
    `The request is invalid: ${name}: ${z.prettifyError(parsed.error)}`,
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const COMPARISONS: Readonly<Record<'==' | '!=' | '>' | '<' | 'in' | 'like', Comparison>> = {
  '==': (actual, expected) => actual === expected,
  '!=': (actual, expected) => actual !== expected,
  '>': (actual, expected) => compare(actual, expected) > 0,
  '<': (actual, expected) => compare(actual, expected) < 0,
  in: (actual, expected) => Array.isArray(expected) && expected.includes(actual),
  like: (actual, expected) =>
    typeof actual === 'string' &&
    typeof expected === 'string' &&
    actual.toLowerCase().includes(expected.toLowerCase()),
};

function holds(item: Item, expression: Expression): boolean {
  switch (expression.operator) {
    case '&&':
      return expression.items.every((one) => holds(item, one));
    case '||':
      return expression.items.some((one) => holds(item, one));
    case '==':
    case '!=':
    case '>':
    case '<':
    case 'in':
    case 'like':
      return COMPARISONS[expression.operator](valueOf(item, expression.property), expression.value);
  }
}

/** A property by its name in any case; `executionResult.result` looks into an object. */
function valueOf(item: Item, property: string): unknown {
  return property.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const entry = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (entry === undefined) {
      throw new SimulatorError(
        'INVALID_REQUEST',
        `The request is invalid: there is no property ${property}.`,
      );
    }
    return entry[1];
  }, item);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
