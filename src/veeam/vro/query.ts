/** What a property may be compared with. */
export type FilterValue = string | number | boolean | null;

/** A condition of VRO's `filter` parameter, as the server reads it. `property` may be `subschema.property`. */
export type Filter =
  | {
      readonly property: string;
      readonly operator: '==' | '!=' | '>' | '<';
      readonly value: FilterValue;
    }
  | { readonly property: string; readonly operator: 'in'; readonly value: readonly FilterValue[] }
  /** For text only: the value stands somewhere in the property. */
  | { readonly property: string; readonly operator: 'like'; readonly value: string }
  | { readonly operator: '&&' | '||'; readonly items: readonly Filter[] };

/** One term of VRO's `sort` parameter. */
export type VroSort = { readonly property: string; readonly direction: 'ASC' | 'DESC' };

/** Which items, in which order. The server filters and sorts before it counts `start` and `limit`. */
export type VroSelection = {
  /** One condition, or several that must all hold. */
  readonly filter?: Filter | readonly Filter[] | undefined;
  readonly sort?: readonly VroSort[] | undefined;
};

/** The conditions on one property whose values are of type `Value`. */
export type Conditions<Value> = {
  is(value: Value | null): Filter;
  isNot(value: Value | null): Filter;
  above(value: Value): Filter;
  below(value: Value): Filter;
  /** Equals at least one of the values. */
  in(values: readonly Value[]): Filter;
} & ([Extract<Value, string>] extends [never] ? unknown : { like(part: string): Filter });

/**
 * Builds selections of `Item`: knows the item's properties, takes any other name as well. To be taken apart:
 * `const { where, and, sortBy } = vroSelection<RecoveryPlan>()`.
 */
export interface VroSelectionBuilder<Item> {
  readonly where: <P extends PropertyOf<Item>>(property: P) => Conditions<ValueOf<Item, P>>;
  /** Sorts by the first term, equals by the second, and so on. A bare name is ascending. */
  readonly sortBy: (...terms: readonly (PropertyOf<Item> | VroSort)[]) => readonly VroSort[];
  readonly descending: (property: PropertyOf<Item>) => VroSort;
  /** All of the conditions hold. */
  readonly and: (...items: readonly [Filter, ...Filter[]]) => Filter;
  /** At least one of the conditions holds. */
  readonly or: (...items: readonly [Filter, ...Filter[]]) => Filter;
}

/** See {@link VroSelectionBuilder}. Without `Item` no property is known. */
export function vroSelection<Item = Readonly<Record<string, unknown>>>(): VroSelectionBuilder<Item> {
  return {
    // The methods are the same for every property; the type only hides `like` where the server has no use for it.
    where: (property) => conditionsOn(property),
    sortBy: (...terms) =>
      terms.map((term) => (typeof term === 'string' ? { property: term, direction: 'ASC' } : term)),
    descending: (property) => ({ property, direction: 'DESC' }),
    and: (...items) => ({ operator: '&&', items }),
    or: (...items) => ({ operator: '||', items }),
  };
}

/** The `filter` and `sort` parameters as they stand in the URL: JSON arrays. */
export function selectionQuery({ filter, sort }: VroSelection): { filter?: string; sort?: string } {
  return {
    ...(filter === undefined ? {} : { filter: JSON.stringify(filterList(filter)) }),
    ...(sort === undefined ? {} : { sort: JSON.stringify(sort) }),
  };
}

/** The vendor shows lists of one condition only: several are joined explicitly. */
function filterList(filter: Filter | readonly Filter[]): readonly Filter[] {
  const list = isList(filter) ? filter : [filter];
  return list.length < 2 ? list : [{ operator: '&&', items: list }];
}

function isList(filter: Filter | readonly Filter[]): filter is readonly Filter[] {
  return Array.isArray(filter);
}

function conditionsOn(property: string): Conditions<FilterValue> {
  return {
    is: (value) => ({ property, operator: '==', value }),
    isNot: (value) => ({ property, operator: '!=', value }),
    above: (value) => ({ property, operator: '>', value }),
    below: (value) => ({ property, operator: '<', value }),
    in: (value) => ({ property, operator: 'in', value }),
    like: (value) => ({ property, operator: 'like', value }),
  };
}

type Scalar = string | number | boolean;

/** Keys that are declared; an index signature (unknown fields are kept) declares none. */
type DeclaredKey<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K];
} &
  string;

type ScalarKey<T> = { [K in DeclaredKey<T>]: NonNullable<T[K]> extends Scalar ? K : never }[DeclaredKey<T>];

type NestedKey<T> = {
  [K in DeclaredKey<T>]: NonNullable<T[K]> extends Scalar | readonly unknown[]
    ? never
    : `${K}.${ScalarKey<NonNullable<T[K]>>}`;
}[DeclaredKey<T>];

/** The declared properties of an item and of its sub-objects, offered by editors; every other string is fine too. */
export type PropertyOf<Item> = ScalarKey<Item> | NestedKey<Item> | (string & {});

type ValueOf<Item, P> =
  P extends ScalarKey<Item>
    ? NonNullable<Item[P]> & Scalar
    : P extends `${infer Head extends DeclaredKey<Item>}.${infer Tail}`
      ? Tail extends ScalarKey<NonNullable<Item[Head]>>
        ? NonNullable<NonNullable<Item[Head]>[Tail]> & Scalar
        : Exclude<FilterValue, null>
      : Exclude<FilterValue, null>;
