import type { Collation } from './collation.ts';
import { compareTexts, containsText } from './collation.ts';
import type { Expression, Relation, RelationExpression } from './expression.ts';
import type { Item } from './property.ts';
import { valueOf } from './property.ts';

/** Whether an item is let through. `not` lets through what does not match all of its items. */
export function holds(item: Item, expression: Expression): boolean {
  if ('property' in expression) return relates(valueOf(item, expression.property), expression);
  const { operation, items } = expression;
  switch (operation) {
    case 'and':
      return items.every((one) => holds(item, one));
    case 'or':
      return items.some((one) => holds(item, one));
    case 'not':
      return !items.every((one) => holds(item, one));
    case 'exclusiveOr':
      return items.filter((one) => holds(item, one)).length === 1;
  }
}

type Test = (actual: unknown, wanted: unknown, collation: Collation) => boolean;

const TESTS: Readonly<Record<Relation, Test>> = {
  in: (actual, wanted, collation) => listOf(wanted).some((one) => isSame(actual, one, collation)),
  contains: (actual, wanted, collation) =>
    Array.isArray(actual)
      ? includes(actual, wanted, collation)
      : typeof actual === 'string' &&
        (typeof wanted === 'string' || typeof wanted === 'number') &&
        containsText(actual, String(wanted), collation),
  subset: (actual, wanted, collation) =>
    listOf(actual).every((one) => includes(listOf(wanted), one, collation)),
  superset: (actual, wanted, collation) =>
    listOf(wanted).every((one) => includes(listOf(actual), one, collation)),
  equals: isSame,
  notEquals: (actual, wanted, collation) => !isSame(actual, wanted, collation),
  lessThan: ordered((order) => order < 0),
  lessThanOrEqual: ordered((order) => order <= 0),
  greaterThan: ordered((order) => order > 0),
  greaterThanOrEqual: ordered((order) => order >= 0),
};

function relates(actual: unknown, { operation, value, collation }: RelationExpression): boolean {
  return TESTS[operation](actual, value, collation);
}

/** A single value is a list of one; nothing is an empty list. */
function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function includes(list: readonly unknown[], wanted: unknown, collation: Collation): boolean {
  return list.some((one) => isSame(one, wanted, collation));
}

function isSame(actual: unknown, wanted: unknown, collation: Collation): boolean {
  if (Array.isArray(actual) && Array.isArray(wanted)) {
    return (
      actual.length === wanted.length && actual.every((one, index) => isSame(one, wanted[index], collation))
    );
  }
  if (actual === null || wanted === null) return actual === wanted;
  return compareValues(actual, wanted, collation) === 0;
}

/** Nothing is neither less nor greater than anything. */
function ordered(isIn: (order: number) => boolean): Test {
  return (actual, wanted, collation) => {
    const order = compareValues(actual, wanted, collation);
    return order !== undefined && isIn(order);
  };
}

/**
 * Negative, zero or positive, as the property's own type compares: numbers and instants by value, also when they are
 * asked for as text. Undefined for what cannot be compared.
 */
export function compareValues(actual: unknown, wanted: unknown, collation: Collation): number | undefined {
  if (typeof actual === 'number') {
    const number = typeof wanted === 'string' && wanted.trim() !== '' ? Number(wanted) : wanted;
    return typeof number === 'number' && !Number.isNaN(number) ? actual - number : undefined;
  }
  if (typeof actual === 'boolean') {
    const flag = typeof wanted === 'string' ? FLAGS.get(wanted.toLowerCase()) : wanted;
    return typeof flag === 'boolean' ? Number(actual) - Number(flag) : undefined;
  }
  if (typeof actual !== 'string' || (typeof wanted !== 'string' && typeof wanted !== 'number')) {
    return undefined;
  }
  const [at, bound] = [instantOf(actual), instantOf(String(wanted))];
  return at !== undefined && bound !== undefined
    ? at - bound
    : compareTexts(actual, String(wanted), collation);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** A date as the server writes it, or as a client might; without a zone it is UTC. */
function instantOf(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text.slice('yyyy-mm-dd'.length));
  const instant = Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}
