import {
  BOOLEAN,
  BOOLEAN_TYPE,
  LIST,
  MAP,
  NUMBER,
  NUMBER_TYPE,
  TEXT,
  TEXT_TYPE,
  WHOLE_TYPE,
  ANYTHING,
  type Type,
} from './type.ts';

/** What a function takes, one set of kinds for each value, and what it answers. */
export interface Signature {
  readonly takes: readonly number[];
  readonly gives: Type;
}

const ANY = ANYTHING.kinds;

/** Called as `f(x)`. */
export const FUNCTIONS: Readonly<Record<string, Signature>> = {
  size: { takes: [TEXT | LIST | MAP], gives: WHOLE_TYPE },
  string: { takes: [TEXT | NUMBER | BOOLEAN], gives: TEXT_TYPE },
  int: { takes: [TEXT | NUMBER], gives: WHOLE_TYPE },
  double: { takes: [TEXT | NUMBER], gives: NUMBER_TYPE },
  bool: { takes: [TEXT | BOOLEAN], gives: BOOLEAN_TYPE },
  // The way out where the author knows better.
  dyn: { takes: [ANY], gives: ANYTHING },
};

/** Called as `x.f(y)`; `x` counts as the first value. */
export const METHODS: Readonly<Record<string, Signature>> = {
  size: { takes: [TEXT | LIST | MAP], gives: WHOLE_TYPE },
  contains: { takes: [TEXT, TEXT], gives: BOOLEAN_TYPE },
  startsWith: { takes: [TEXT, TEXT], gives: BOOLEAN_TYPE },
  endsWith: { takes: [TEXT, TEXT], gives: BOOLEAN_TYPE },
};
