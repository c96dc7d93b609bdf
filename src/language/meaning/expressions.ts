import { ExpressionError, parseExpression } from '../../model/expression.ts';
import { expressionsIn, type PlacedExpression } from '../../model/template.ts';
import type { DiagnosticCode, Reporter } from '../diagnostics.ts';
import type { Range } from '../source-text.ts';
import type { Text } from '../shape/values.ts';
import { fileOffset } from '../yaml/offset.ts';
import type { Guards } from './guards.ts';
import type { Names, Root, Viewpoint } from './names.ts';
import type { LoopPlace, Place } from './places.ts';
import { inferType } from './types/infer.ts';
import type { Types } from './types/roots.ts';
import {
  BOOLEAN_TYPE,
  describeType,
  LIST,
  mayFit,
  NUMBER,
  TEXT,
  TEXT_TYPE,
  BOOLEAN,
  type Type,
} from './types/type.ts';

const CODES = {
  EXPRESSION_SYNTAX: 'EXPRESSION_SYNTAX',
  EXPRESSION_LIMIT: 'EXPRESSION_LIMIT',
  EXPRESSION_FUNCTION: 'EXPRESSION_FUNCTION',
  EXPRESSION_NAME: 'UNKNOWN_REFERENCE',
  EXPRESSION_FAILED: 'EXPRESSION_SYNTAX',
} as const satisfies Record<ExpressionError['code'], DiagnosticCode>;

const AT_START: readonly Root[] = ['inputs', 'vars', 'run'];
const ANYWHERE: readonly Root[] = ['inputs', 'vars', 'steps', 'run'];
const IN_ACCEPT: readonly Root[] = ['output', ...ANYWHERE];
/** A read repeats in one activity, which is given nothing but the run's own values. */
const IN_UNTIL: readonly Root[] = ['output', 'inputs', 'vars', 'run'];

const KEY: Type = { kinds: TEXT | NUMBER };
const ITEMS: Type = { kinds: LIST };
const LIST_HINT = 'An input is one when it is declared as { type: list, of: … }.';

/** What a place needs, and what it is called. */
interface Wanted {
  readonly what: string;
  readonly type: Type;
  /** It is a value of the runbook: what is wrong is its type, not the expression. */
  readonly isValue?: true;
  readonly hint?: string;
}

/** What can be put into a text. */
const IN_TEXT: Wanted = { what: 'What stands in a text', type: { kinds: TEXT | NUMBER | BOOLEAN } };

/** Checks the expressions of one file. */
export class Expressions {
  readonly #text: string;
  readonly #names: Names;
  readonly #types: Types;
  readonly #guards: Guards;
  readonly #report: Reporter;

  constructor({
    text,
    names,
    types,
    guards,
    report,
  }: {
    text: string;
    names: Names;
    types: Types;
    guards: Guards;
    report: Reporter;
  }) {
    this.#text = text;
    this.#names = names;
    this.#types = types;
    this.#guards = guards;
    this.#report = report;
  }

  /** A bare expression that is true or false: `if`, `check`. */
  bare(text: Text, place: Place, what: '`if`' | '`check`'): void {
    const isOwnCondition = what === '`if`';
    this.#check(
      text,
      { place, roots: ANYWHERE },
      { read: bareExpression, wanted: condition(what), isOwnCondition },
    );
  }

  /** The `if` of an `until`, which speaks of the step's own output. */
  until(text: Text, place: Place): void {
    this.#check(text, { place, roots: IN_UNTIL }, { read: bareExpression, wanted: condition('`if`') });
  }

  /** The `if` of an `accept`, which speaks of the step's own output, too. */
  accept(text: Text, place: Place): void {
    this.#check(text, { place, roots: IN_ACCEPT }, { read: bareExpression, wanted: condition('`if`') });
  }

  /** The list of a loop. */
  items(text: Text, loop: LoopPlace): void {
    const wanted = { what: '`items`', type: ITEMS, isValue: true, hint: LIST_HINT } as const;
    // Block texts end with a line break.
    const trimmed = { ...text, text: text.text.trim() };
    this.#check(trimmed, { place: loop, roots: ANYWHERE }, { read: expressionsIn, wanted });
  }

  /** The key of a loop, which speaks of the item. */
  key(text: Text, loop: LoopPlace): void {
    const wanted = { what: '`key`', type: KEY, isValue: true } as const;
    this.#check(text, { place: loop, roots: ANYWHERE, loop }, { read: expressionsIn, wanted });
  }

  /** A text that may hold `${{ }}`. */
  template(text: Text, place: Place): void {
    this.#check(text, { place, roots: ANYWHERE }, { read: expressionsIn });
  }

  /** A text that may hold `${{ }}` and yields a text. */
  textual(text: Text, place: Place, what: string): void {
    const wanted = { what, type: TEXT_TYPE, isValue: true } as const;
    this.#check(text, { place, roots: ANYWHERE }, { read: expressionsIn, wanted });
  }

  /** What a run answers: it is made when everything has ended, and what is missing then is left out. */
  outputs(text: Text, end: Place): void {
    this.#check(text, { place: end, roots: ANYWHERE }, { read: expressionsIn, isOptional: true });
  }

  /** A title: it is made when the run starts, so it can say nothing of steps. */
  title(text: Text, place: Place): void {
    this.#check(text, { place, roots: AT_START }, { read: expressionsIn });
  }

  /** What a text yields; undefined when that cannot be read, which has been reported. */
  typeOf(text: string, place: Place): Type | undefined {
    try {
      const [only] = expressionsIn(text);
      if (only?.isLone !== true) return TEXT_TYPE;
      return inferType(only.expression.tree, this.#types.at({ place }), () => undefined);
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }

  /** Points at one character, or one word, of a text. */
  at(text: Text, offset: number, length = 1): Range {
    const start = fileOffset(this.#text, text.node, offset);
    return { start, end: Math.max(start + 1, Math.min(start + length, text.node.end)) };
  }

  #check(
    text: Text,
    viewpoint: Viewpoint,
    {
      read,
      wanted,
      isOptional = false,
      isOwnCondition = false,
    }: {
      read: (source: string) => readonly PlacedExpression[];
      /** What a lone expression must be; inside a text, it must be printable. */
      wanted?: Wanted;
      /** Nothing happens when a name has no value. */
      isOptional?: boolean;
      /** It decides whether the step runs. */
      isOwnCondition?: boolean;
    },
  ): void {
    let expressions: readonly PlacedExpression[];
    try {
      expressions = read(text.text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#tellUnreadable(text, error);
      return;
    }
    for (const placed of expressions) {
      if (!this.#checkNames(text, placed, viewpoint)) continue;
      this.#checkTypes(text, placed, viewpoint, placed.isLone ? wanted : IN_TEXT);
      if (isOptional) continue;
      const unguarded = this.#guards.unguardedIn(placed.expression.tree, viewpoint.place, { isOwnCondition });
      for (const { start, end, message, hint } of unguarded) {
        this.#report.add('UNGUARDED', this.at(text, placed.offset + start, end - start), message, hint);
      }
    }
  }

  #tellUnreadable(text: Text, { code, offset, message }: ExpressionError): void {
    const hint =
      code === 'EXPRESSION_FUNCTION'
        ? 'Known are size, has, contains, startsWith, endsWith, string, int, double, bool, dyn; and on lists all, exists, exists_one, filter, map.'
        : undefined;
    this.#report.add(CODES[code], this.at(text, offset), message, hint);
  }

  /** Whether all names are known; types are looked at only then. */
  #checkNames(text: Text, { expression, offset }: PlacedExpression, viewpoint: Viewpoint): boolean {
    let isKnown = true;
    for (const reference of expression.references) {
      const problem = this.#names.problemOf(reference, viewpoint);
      if (problem === undefined) continue;
      isKnown = false;
      const range = this.at(text, offset + reference.offset, reference.path.join('.').length);
      this.#report.add(problem.code, range, problem.message, problem.hint);
    }
    return isKnown;
  }

  #checkTypes(
    text: Text,
    { expression, offset }: PlacedExpression,
    viewpoint: Viewpoint,
    wanted: Wanted | undefined,
  ): void {
    const type = inferType(expression.tree, this.#types.at(viewpoint), (problem) => {
      const range = this.at(text, offset + problem.start, problem.end - problem.start);
      this.#report.add(problem.code, range, problem.message, problem.hint);
    });
    if (wanted === undefined || mayFit(type, wanted.type)) return;
    const message = `${wanted.what} is ${describeType(wanted.type)}, but this is ${describeType(type)}.`;
    if (wanted.isValue === true) this.#report.add('TYPE', text.node, message, wanted.hint);
    else this.#report.add('EXPRESSION_TYPE', this.at(text, offset, expression.source.length), message);
  }
}

function bareExpression(source: string): readonly PlacedExpression[] {
  return [{ expression: parseExpression(source), offset: 0, isLone: true }];
}

function condition(what: string): Wanted {
  return { what, type: BOOLEAN_TYPE };
}
