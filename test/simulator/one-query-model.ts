import type { Json } from './support.ts';

/** A Filter as a client writes it. */
export type Expression =
  | { property: string; operation: string; value: unknown; collation?: string | undefined }
  | { operation: string; items: Expression[] };

/** A Sort as a client writes it. */
export interface Order {
  property: string;
  direction: string;
  collation?: string | undefined;
}

/** The three collations by what the platform offers. Holds for letters and digits only. */
const COMPARE: Readonly<Record<string, (a: string, b: string) => number>> = {
  ordinal: (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  ignorecase: (a, b) => Buffer.compare(Buffer.from(a.toUpperCase()), Buffer.from(b.toUpperCase())),
  lexicographic: new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare,
};

function read(item: unknown, property: string): string | number | null {
  let value = item;
  for (const part of property.toLowerCase().split('.')) {
    const entries = Object.entries(value as Json).map(([key, one]) => [key.toLowerCase(), one] as const);
    value = new Map<string, unknown>(entries).get(part);
  }
  return value as string | number | null;
}

/** Three-way; NaN for what has no order. */
function compare(actual: unknown, wanted: unknown, collation = 'ignorecase'): number {
  if (actual === null || wanted === null) return Number.NaN;
  if (typeof actual === 'number') return actual - Number(wanted);
  if (typeof actual !== 'string' || typeof wanted !== 'string') return Number.NaN;
  const isDate = [actual, wanted].every((text) => /^\d{4}-/.test(text));
  return isDate
    ? Date.parse(actual) - Date.parse(wanted)
    : (COMPARE[collation]?.(actual, wanted) ?? Number.NaN);
}

/** Whether an item matches: written for reading, not for speed, and sharing nothing with the simulator. */
export function matches(item: Json, expression: Expression): boolean {
  if ('items' in expression) {
    const count = expression.items.filter((one) => matches(item, one)).length;
    const all = expression.items.length;
    if (expression.operation === 'and') return count === all;
    if (expression.operation === 'or') return count > 0;
    if (expression.operation === 'not') return count < all;
    return count === 1;
  }
  const { property, operation, value, collation } = expression;
  const actual = read(item, property);
  const equal = (wanted: unknown): boolean => actual === wanted || compare(actual, wanted, collation) === 0;
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const order = compare(actual, value, collation);
  switch (operation) {
    case 'equals':
      return equal(value);
    case 'notEquals':
      return !equal(value);
    case 'lessThan':
      return order < 0;
    case 'lessThanOrEqual':
      return order <= 0;
    case 'greaterThan':
      return order > 0;
    case 'greaterThanOrEqual':
      return order >= 0;
    case 'in':
      return list.some(equal);
    case 'subset':
      // A single value is a list of one, and nothing is an empty list.
      return actual === null || list.some(equal);
    case 'superset':
      return list.every((wanted) => actual !== null && equal(wanted));
    case 'contains': {
      const fold = (text: string): string => (collation === 'ordinal' ? text : text.toLowerCase());
      return fold(String(actual)).includes(fold(String(value)));
    }
    default:
      throw new Error(`unknown operation ${operation}`);
  }
}

/** Stable, by one order after the other. */
export function ordered(items: readonly Json[], orders: readonly Order[]): Json[] {
  // Sorting by the last order first makes the first one count most.
  return [...orders]
    .reverse()
    .reduce<Json[]>(
      (sorted, { property, direction, collation }) =>
        [...sorted].sort(
          (a, b) =>
            compare(read(a, property), read(b, property), collation) * (direction === 'ascending' ? 1 : -1),
        ),
      [...items],
    );
}
