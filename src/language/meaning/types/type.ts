/** What a value can be when an expression meets it: one bit for each, so that a type is a set of them. */
export const TEXT = 1;
/** JSON has one kind of number; some places take whole ones only. */
export const WHOLE = 2;
export const FRACTION = 4;
export const BOOLEAN = 8;
export const NULL = 16;
export const LIST = 32;
export const MAP = 64;

export const NUMBER = WHOLE | FRACTION;
const ANY = TEXT | NUMBER | BOOLEAN | NULL | LIST | MAP;

/** What is known of a value before a run: what it may be, and as far as that is declared what is in it. */
export interface Type {
  readonly kinds: number;
  /** Of a list: its items. Of a map without declared fields: its values. */
  readonly of?: Type;
  /** Of a map: all its fields, when they are declared. */
  readonly fields?: Fields;
}

/** The declared fields of a map. A Map is one; others find out about a field when it is asked for. */
export interface Fields {
  get(name: string): Type | undefined;
  keys(): Iterable<string>;
}

export const ANYTHING: Type = { kinds: ANY };
export const TEXT_TYPE: Type = { kinds: TEXT };
export const WHOLE_TYPE: Type = { kinds: WHOLE };
export const NUMBER_TYPE: Type = { kinds: NUMBER };
export const BOOLEAN_TYPE: Type = { kinds: BOOLEAN };

/** A list of such items. */
export function listOf(of: Type): Type {
  return { kinds: LIST, of };
}

/** A map with these fields and no other. */
export function mapWith(fields: Fields): Type {
  return { kinds: MAP, fields };
}

/** A map with any keys to such values. */
export function mapTo(of: Type): Type {
  return { kinds: MAP, of };
}

/** What is one or the other. What is in it is known only as far as both agree. */
export function either(a: Type, b: Type): Type {
  const kinds = a.kinds | b.kinds;
  const container = LIST | MAP;
  if ((a.kinds & container) === 0) return { ...b, kinds };
  if ((b.kinds & container) === 0) return { ...a, kinds };
  if (a.of !== undefined && b.of !== undefined) return { kinds, of: either(a.of, b.of) };
  return a.fields !== undefined && a.fields === b.fields ? { kinds, fields: a.fields } : { kinds };
}

/** Whether a value of type `given` may be of type `wanted`: it is refused only when it never can be. */
export function mayFit(given: Type, wanted: Type): boolean {
  const common = given.kinds & wanted.kinds;
  if (common === 0) return false;
  if (common !== LIST || given.of === undefined || wanted.of === undefined) return true;
  return mayFit(given.of, wanted.of);
}

/** The items of a list, or the keys of a map: what a macro walks over. */
export function itemsOf(type: Type): Type {
  switch (type.kinds & (LIST | MAP)) {
    case LIST:
      return type.of ?? ANYTHING;
    case MAP:
      return TEXT_TYPE;
    default:
      return ANYTHING;
  }
}

const WORDS: readonly (readonly [kinds: number, word: string])[] = [
  [TEXT, 'a text'],
  [NUMBER, 'a number'],
  [WHOLE, 'a whole number'],
  [FRACTION, 'a fraction'],
  [BOOLEAN, 'a boolean'],
  [LIST, 'a list'],
  [MAP, 'a map'],
  [NULL, 'nothing'],
];

/** What a type is, for messages: `a text or a number`. */
export function describeType({ kinds }: Type): string {
  if (kinds === ANY) return 'anything';
  let left = kinds;
  const words = WORDS.flatMap(([kind, word]) => {
    if ((left & kind) !== kind) return [];
    left &= ~kind;
    return [word];
  });
  return words.join(' or ');
}
