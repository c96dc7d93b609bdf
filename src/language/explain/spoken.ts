import { ExpressionError, parseExpression, type Scope } from '../../model/expression.ts';
import type { Json } from '../../model/json.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A duration in words: `4 hours`, `1 day 6 hours`. */
export function spokenDuration(ms: number): string {
  let left = ms;
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [counted(count, unit)];
  });
  return parts.join(' ') || 'no time';
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** With a capital letter, as a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}

const TEMPLATE = /\$\{\{([^]*?)\}\}/g;
const PATH = /^[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*$/;

/** A text with its templates filled in as far as their values are known; what is not known yet stands in ‹ ›. */
export function spokenText(text: string, scope: Scope): string {
  return text.replaceAll(TEMPLATE, (_whole, source: string) => valueOf(source.trim(), scope));
}

/** A value with all its templates filled in, on one line. */
export function spokenValue(value: Json, scope: Scope): string {
  if (typeof value === 'string') return spokenText(value, scope);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((item: Json) => spokenValue(item, scope)).join(', ');
  return Object.entries(value)
    .map(([key, field]) => `${key} ${spokenValue(field, scope)}`)
    .join(', ');
}

/** An expression with the values in it called by their names. */
export function spokenExpression(source: string): string {
  return source.replaceAll(/\binputs\.(\w+)/g, '‹$1›');
}

function valueOf(source: string, scope: Scope): string {
  try {
    const value = parseExpression(source).evaluate(scope);
    if (value !== null && typeof value !== 'object') return String(value);
    return Array.isArray(value) && value.every((item) => typeof item !== 'object')
      ? value.join(', ')
      : named(source);
  } catch (error) {
    if (error instanceof ExpressionError) return named(source);
    throw error;
  }
}

/** What stands for a value that is not known: `‹plan›`, `‹host of database›`, `‹name of agent›`, `‹id from issue›`. */
function named(source: string): string {
  if (!PATH.test(source)) return `‹${source}›`;
  const [root = '', ...rest] = source.split('.');
  const last = rest.at(-1);
  if (last === undefined) return `‹${root}›`;
  const isNamed = root === 'inputs' || root === 'vars' || root === 'run';
  if (isNamed) return rest.length === 1 ? `‹${last}›` : `‹${last} of ${rest.at(-2) ?? ''}›`;
  return root === 'steps' ? `‹${last} from ${rest[0] ?? ''}›` : `‹${last} of ${root}›`;
}
