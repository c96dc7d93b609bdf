export type Item = Readonly<Record<string, unknown>>;

/** An element of a `filter` as a client writes it. */
export type Expression =
  { operator: '&&' | '||'; items: Expression[] } | { operator: string; property: string; value: unknown };

/** An element of a `sort` as a client writes it. */
export interface Order {
  property: string;
  direction: string;
}

export interface Query {
  filter: Expression[];
  sort: Order[];
  start: number;
  limit: number | undefined;
}

/** The page that a query means, by a naive reading of the vendor's description. */
export function pageMeant(all: readonly Item[], { filter, sort, start, limit }: Query): unknown {
  const found = inOrder(
    all.filter((item) => filter.every((one) => isTrue(item, one))),
    sort,
  );
  const data = found.slice(start, limit === undefined ? undefined : start + limit);
  return { total: found.length, data };
}

/** What the vendor's description says, said again as simply as possible. */
function isTrue(item: Item, expression: Expression): boolean {
  if ('items' in expression) {
    const truths = expression.items.map((one) => isTrue(item, one));
    return expression.operator === '&&' ? !truths.includes(false) : truths.includes(true);
  }
  const { operator, value } = expression;
  const actual = look(item, expression.property);
  if (operator === '==') return actual === value;
  if (operator === '!=') return actual !== value;
  if (operator === 'in') return (value as unknown[]).includes(actual);
  if (actual === null || value === null) return false;
  if (operator === 'like') return lower(actual).includes(lower(value));
  return operator === '>' ? isLess(value, actual) : isLess(actual, value);
}

function look(item: Item, property: string): unknown {
  return property.split('.').reduce<unknown>((value, name) => {
    const same = ([key]: [string, unknown]): boolean => lower(key) === lower(name);
    return Object.entries(value as Item).find(same)?.[1];
  }, item);
}

function lower(value: unknown): string {
  return (value as string).toLowerCase();
}

function isLess(a: unknown, b: unknown): boolean {
  return (a as string) < (b as string);
}

/** Inserts one after the other, behind everything that is not greater. */
function inOrder(items: readonly Item[], orders: readonly Order[]): Item[] {
  const sorted: Item[] = [];
  const isBefore = (a: Item, b: Item): boolean => {
    for (const { property, direction } of orders) {
      const [left, right] = [look(a, property), look(b, property)];
      if (left === right) continue;
      const less = left === null || (right !== null && isLess(left, right));
      return direction === 'ASC' ? less : !less;
    }
    return false;
  };
  for (const item of items) {
    const place = sorted.findIndex((other) => isBefore(item, other));
    sorted.splice(place === -1 ? sorted.length : place, 0, item);
  }
  return sorted;
}
