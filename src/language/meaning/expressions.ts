import { ExpressionError, parseExpression, type Reference } from '../../model/expression.ts';
import { templateReferences } from '../../model/template.ts';
import type { DiagnosticCode, Reporter } from '../diagnostics.ts';
import type { Text } from '../shape/values.ts';
import { fileOffset } from '../yaml/offset.ts';
import type { Names, Root, Viewpoint } from './names.ts';
import type { LoopPlace, Place } from './places.ts';

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

/** Checks the expressions of one file. */
export class Expressions {
  readonly #text: string;
  readonly #names: Names;
  readonly #report: Reporter;

  constructor({ text, names, report }: { text: string; names: Names; report: Reporter }) {
    this.#text = text;
    this.#names = names;
    this.#report = report;
  }

  /** A bare expression: `if`, `check`. */
  bare(text: Text, place: Place): void {
    this.#check(text, { place, roots: ANYWHERE }, (source) => parseExpression(source).references);
  }

  /** The `if` of an `until`, which speaks of the step's own output. */
  until(text: Text, place: Place): void {
    this.#check(text, { place, roots: IN_UNTIL }, (source) => parseExpression(source).references);
  }

  /** The `if` of an `accept`, which speaks of the step's own output, too. */
  accept(text: Text, place: Place): void {
    this.#check(text, { place, roots: IN_ACCEPT }, (source) => parseExpression(source).references);
  }

  /** The key of a loop, which speaks of the item. */
  key(text: Text, loop: LoopPlace): void {
    this.#check(text, { place: loop, roots: ANYWHERE, loop }, templateReferences);
  }

  /** A text that may hold `${{ }}`. Answers what it refers to. */
  template(text: Text, place: Place): readonly Reference[] {
    return this.#check(text, { place, roots: ANYWHERE }, templateReferences);
  }

  /** What a run answers: it is made when everything has ended. */
  outputs(text: Text, end: Place): void {
    this.#check(text, { place: end, roots: ANYWHERE }, templateReferences);
  }

  /** A title: it is made when the run starts, so it can say nothing of steps. */
  title(text: Text, place: Place): void {
    this.#check(text, { place, roots: AT_START }, templateReferences);
  }

  /** Points at one character, or one word, of a text. */
  at(text: Text, offset: number, length = 1): { start: number; end: number } {
    const start = fileOffset(this.#text, text.node, offset);
    return { start, end: Math.max(start + 1, Math.min(start + length, text.node.end)) };
  }

  #check(
    text: Text,
    viewpoint: Viewpoint,
    read: (source: string) => readonly Reference[],
  ): readonly Reference[] {
    let references: readonly Reference[];
    try {
      references = read(text.text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const hint =
        error.code === 'EXPRESSION_FUNCTION'
          ? 'Known are size, has, contains, startsWith, endsWith, string, int, double, bool, dyn; and on lists all, exists, exists_one, filter, map.'
          : undefined;
      this.#report.add(CODES[error.code], this.at(text, error.offset), error.message, hint);
      return [];
    }
    for (const reference of references) {
      const problem = this.#names.problemOf(reference, viewpoint);
      if (problem === undefined) continue;
      const range = this.at(text, reference.offset, reference.path.join('.').length);
      this.#report.add(problem.code, range, problem.message, problem.hint);
    }
    return references;
  }
}
