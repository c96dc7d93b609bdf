import type { Hint } from '../../diagnostics.ts';
import {
  BOOLEAN,
  BOOLEAN_TYPE,
  describeType,
  either,
  FRACTION,
  LIST,
  listOf,
  MAP,
  mayFit,
  NULL,
  NUMBER,
  TEXT,
  TEXT_TYPE,
  WHOLE,
  ANYTHING,
  type Type,
} from './type.ts';

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

interface Misfit {
  readonly message: string;
  readonly hint?: Hint;
}

/** What both sides must be, of one kind, for an operator that computes. */
const COMPUTES = {
  '+': TEXT | NUMBER | LIST,
  '-': NUMBER,
  '*': NUMBER,
  '/': NUMBER,
  '%': WHOLE,
} as const;

/** The type of `left op right`, or why there is none. */
export function typeOfOperator(op: BinaryOperator, left: Type, right: Type): Type | Misfit {
  switch (op) {
    case '==':
    case '!=':
      return isComparable(left, right) ? BOOLEAN_TYPE : never(left, right);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const ordered = (TEXT | BOOLEAN) & left.kinds & right.kinds;
      if (ordered !== 0 || areNumbers(left, right)) return BOOLEAN_TYPE;
      return misfit(`\`${op}\` compares two numbers or two texts`, left, right);
    }
    case 'in':
      return typeOfMembership(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return typeOfComputation(op, left, right);
  }
}

/** Asking whether something is null is always allowed. */
function isComparable(left: Type, right: Type): boolean {
  if (((left.kinds | right.kinds) & NULL) !== 0) return true;
  return (left.kinds & right.kinds) !== 0 || areNumbers(left, right);
}

function areNumbers(left: Type, right: Type): boolean {
  return (left.kinds & NUMBER) !== 0 && (right.kinds & NUMBER) !== 0;
}

function never(left: Type, right: Type): Misfit {
  const message = `This compares ${describeType(left)} with ${describeType(right)}, which are never equal.`;
  return { message, hint: conversion(left, right) };
}

function typeOfMembership(item: Type, list: Type): Type | Misfit {
  if ((list.kinds & (LIST | MAP)) === 0) {
    const hint = (list.kinds & TEXT) === 0 ? undefined : 'Of a text, ask text.contains("…").';
    return { message: `\`in\` looks into a list or a map, but this is ${describeType(list)}.`, hint };
  }
  const isInList = (list.kinds & LIST) !== 0 && (list.of === undefined || isComparable(item, list.of));
  const isKey = (list.kinds & MAP) !== 0 && mayFit(item, TEXT_TYPE);
  if (isInList || isKey) return BOOLEAN_TYPE;
  const holds = (list.kinds & MAP) === 0 ? (list.of ?? ANYTHING) : TEXT_TYPE;
  return {
    message: `\`in\` looks for ${describeType(item)} among what is ${describeType(holds)} each.`,
    hint: conversion(item, holds),
  };
}

function typeOfComputation(op: keyof typeof COMPUTES, left: Type, right: Type): Type | Misfit {
  const common = left.kinds & right.kinds & COMPUTES[op];
  if (common === LIST) return listOf(either(left.of ?? ANYTHING, right.of ?? ANYTHING));
  const numbers = areNumbers(left, right) && op !== '%' ? numberOf(op, left, right) : 0;
  if ((common | numbers) !== 0) return { kinds: (common & ~NUMBER) | numbers | (op === '%' ? common : 0) };
  const what =
    op === '+'
      ? '`+` adds two numbers, or joins two texts or two lists'
      : op === '%'
        ? '`%` takes two whole numbers'
        : `\`${op}\` takes two numbers`;
  return misfit(what, left, right);
}

/** Whole numbers stay whole, unless they are divided. */
function numberOf(op: '+' | '-' | '*' | '/', left: Type, right: Type): number {
  const areWhole = ((left.kinds | right.kinds) & FRACTION) === 0;
  return areWhole && op !== '/' ? WHOLE : NUMBER;
}

function misfit(what: string, left: Type, right: Type): Misfit {
  const message = `${what}, but these are ${describeType(left)} and ${describeType(right)}.`;
  return { message, hint: conversion(left, right) };
}

/** How a text and something else are brought together. */
function conversion(left: Type, right: Type): string | undefined {
  const both = left.kinds | right.kinds;
  if ((both & TEXT) === 0 || left.kinds === right.kinds) return undefined;
  if ((both & ~(TEXT | WHOLE | FRACTION)) === 0) return 'Make a text of the number: string(…).';
  return (both & ~(TEXT | BOOLEAN)) === 0 ? 'Write true and false without quotes.' : undefined;
}
