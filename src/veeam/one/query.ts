import type { Query } from '../path.ts';

/** How values are compared. The server's default is `ignorecase`. */
export type OneCollation =
  /** Symbol by symbol, letter case included. */
  | 'ordinal'
  /** Symbol by symbol, letter case ignored. */
  | 'ignorecase'
  /** Words with words, numbers with numbers. */
  | 'lexicographic';

export type OneFilterValue = string | number | boolean | null;

type Comparison =
  'contains' | 'equals' | 'notEquals' | 'lessThan' | 'lessThanOrEqual' | 'greaterThan' | 'greaterThanOrEqual';

type Membership = 'in' | 'subset' | 'superset';

type Condition = { readonly property: string; readonly collation?: OneCollation };

/** A condition of Veeam ONE's `Filter` parameter, as the server reads it. */
export type OneFilter =
  | (Condition & { readonly operation: Comparison; readonly value: OneFilterValue })
  | (Condition & { readonly operation: Membership; readonly value: readonly OneFilterValue[] })
  | { readonly operation: 'and' | 'or' | 'not' | 'exclusiveOr'; readonly items: readonly OneFilter[] };

/** Veeam ONE's `Sort` parameter. */
export type OneSort = Condition & { readonly direction: 'ascending' | 'descending' };

/** Which items, in which order. The server filters and sorts before it counts `offset` and `limit`. */
export type OneSelection = {
  readonly filter?: OneFilter | undefined;
  /** Several terms go out as a JSON array: the vendor calls the parameter an array but shows a single term only. */
  readonly sort?: OneSort | readonly OneSort[] | undefined;
};

export type OneQuery = OneSelection & {
  /** Default 0. */
  readonly offset?: number | undefined;
  /** The server's default is 100. */
  readonly limit?: number | undefined;
};

/** The conditions on one property. */
export type OneConditions = {
  readonly [Operation in Comparison]: (value: OneFilterValue) => OneFilter;
} & {
  /** `in`: at least one of the values. `subset` and `superset`: for properties that are lists themselves. */
  readonly [Operation in Membership]: (values: readonly OneFilterValue[]) => OneFilter;
};

/** Keys that are declared; an index signature (unknown fields are kept) declares none. */
type DeclaredKey<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K];
} &
  string;

type NestedKey<T> = {
  [K in DeclaredKey<T>]: NonNullable<T[K]> extends string | number | boolean | readonly unknown[]
    ? never
    : `${K}.${DeclaredKey<NonNullable<T[K]>>}`;
}[DeclaredKey<T>];

/** The fields of an item. */
export type OneField<Item> = DeclaredKey<Item>;

/** A field, or `field.field` of a part of the item. */
export type OneProperty<Item> = OneField<Item> | NestedKey<Item>;

/** The builder of filters and sort terms for items of one type; a property that they do not have does not compile. */
export interface OneQueryBuilder<Property extends string> {
  where(property: Property, collation?: OneCollation): OneConditions;
  sortBy(
    property: Property,
    order?: { readonly direction?: OneSort['direction']; readonly collation?: OneCollation },
  ): OneSort;
}

/** A {@link OneQueryBuilder}, e.g. `oneQueryOf<TriggeredAlarm>().where('status').equals('Error')`. */
export function oneQueryOf<Item>(): OneQueryBuilder<OneProperty<Item>> {
  return { where: conditionsOn, sortBy };
}

/** The builder for properties whose names are not known here, and the operators that join conditions. */
export const oneQuery = {
  where: conditionsOn,
  sortBy,
  /** All of the conditions hold. */
  and: (...items: OneFilter[]): OneFilter => ({ operation: 'and', items }),
  /** At least one of the conditions holds. */
  or: (...items: OneFilter[]): OneFilter => ({ operation: 'or', items }),
  /** Not all of the conditions hold. */
  not: (...items: OneFilter[]): OneFilter => ({ operation: 'not', items }),
  /** One of the conditions holds. */
  exclusiveOr: (...items: OneFilter[]): OneFilter => ({ operation: 'exclusiveOr', items }),
} as const;

function conditionsOn(property: string, collation?: OneCollation): OneConditions {
  const target: Condition = collation === undefined ? { property } : { property, collation };
  const compare = (operation: Comparison) => (value: OneFilterValue) => ({ ...target, operation, value });
  const belong = (operation: Membership) => (value: readonly OneFilterValue[]) => ({
    ...target,
    operation,
    value,
  });
  return {
    in: belong('in'),
    contains: compare('contains'),
    subset: belong('subset'),
    superset: belong('superset'),
    equals: compare('equals'),
    notEquals: compare('notEquals'),
    lessThan: compare('lessThan'),
    lessThanOrEqual: compare('lessThanOrEqual'),
    greaterThan: compare('greaterThan'),
    greaterThanOrEqual: compare('greaterThanOrEqual'),
  };
}

function sortBy(
  property: string,
  {
    direction = 'ascending',
    collation,
  }: { readonly direction?: OneSort['direction']; readonly collation?: OneCollation } = {},
): OneSort {
  return collation === undefined ? { property, direction } : { property, direction, collation };
}

/** The parameters as they stand in the URL. `wireName` translates properties into the words of the server's version. */
export function oneQueryParams(
  { offset, limit, filter, sort, select }: OneQuery & { readonly select?: readonly string[] | undefined },
  wireName: (property: string) => string = (property) => property,
): Query {
  return {
    Offset: offset,
    Limit: limit,
    Filter: filter === undefined ? undefined : JSON.stringify(renamed(filter, wireName)),
    Sort: sort === undefined ? undefined : JSON.stringify(renamedTerms(sort, wireName)),
    Select: select?.map(wireName).join(','),
  };
}

function renamed(filter: OneFilter, wireName: (property: string) => string): OneFilter {
  if ('items' in filter) return { ...filter, items: filter.items.map((item) => renamed(item, wireName)) };
  return { ...filter, property: wireName(filter.property) };
}

function renamedTerms(
  sort: OneSort | readonly OneSort[],
  wireName: (property: string) => string,
): OneSort | OneSort[] {
  const rename = (term: OneSort): OneSort => ({ ...term, property: wireName(term.property) });
  return 'property' in sort ? rename(sort) : sort.map(rename);
}
