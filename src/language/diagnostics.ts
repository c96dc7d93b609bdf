import type { Position, Range, SourceText } from './source-text.ts';

export type Severity = 'error' | 'warning';

/**
 * Every problem the language can name. The codes are a public contract: tests, editors and scripts read them, so they
 * change only with a line in the changelog. Messages may change at any time.
 */
export const DIAGNOSTICS = {
  SIZE: { severity: 'error', meaning: 'The file is larger than a runbook can be.' },
  DEPTH: { severity: 'error', meaning: 'Brackets or indentation nest too deep.' },
  COUNT: {
    severity: 'error',
    meaning: 'There are more lines, values, steps or branches than a runbook can have.',
  },
  LENGTH: { severity: 'error', meaning: 'A line, a text or a name is too long.' },
  CONTROL: { severity: 'error', meaning: 'A character that cannot be seen, or that reorders what is seen.' },
  ALIAS: { severity: 'error', meaning: 'YAML anchors and aliases are not used in runbooks.' },
  TAG: { severity: 'error', meaning: 'YAML tags are not used in runbooks.' },
  DIRECTIVE: { severity: 'error', meaning: 'YAML directives are not used in runbooks.' },
  MULTI: { severity: 'error', meaning: 'The file holds more than one YAML document.' },
  TAB: { severity: 'error', meaning: 'A tab is used as indentation.' },
  SYNTAX: { severity: 'error', meaning: 'The file is no well-formed YAML.' },
  DUPLICATE_KEY: { severity: 'error', meaning: 'A key stands twice in the same map.' },
  KEY: { severity: 'error', meaning: 'A key that no map may have.' },

  SHAPE: { severity: 'error', meaning: 'A map, a list or a text stands where another of them is expected.' },
  VERSION: { severity: 'error', meaning: 'The runbook is written for another version of the language.' },
  UNKNOWN_KEY: { severity: 'error', meaning: 'A key the language does not know; nothing is ever ignored.' },
  NOT_YET: { severity: 'error', meaning: 'Part of the language, but not of this version of muster.' },
  REQUIRED: { severity: 'error', meaning: 'Something that must be given is missing.' },
  TYPE: { severity: 'error', meaning: 'A value of the wrong type; values are never converted.' },
  VALUE: { severity: 'error', meaning: 'A value of the right type that is not allowed here.' },
  ID: { severity: 'error', meaning: 'A name that expressions could not speak of.' },
  DUPLICATE_ID: { severity: 'error', meaning: 'Two steps have the same id.' },
  STEP_KIND: { severity: 'error', meaning: 'A step does nothing, or two things.' },
  MISPLACED: { severity: 'error', meaning: 'A key that makes no sense where it stands.' },
  PATTERN: {
    severity: 'error',
    meaning: 'A pattern that cannot be read, or that could take very long to match.',
  },

  EXPRESSION_SYNTAX: { severity: 'error', meaning: 'An expression cannot be read.' },
  EXPRESSION_LIMIT: { severity: 'error', meaning: 'An expression is too long or too deeply nested.' },
  EXPRESSION_FUNCTION: { severity: 'error', meaning: 'An expression calls a function that does not exist.' },
  EXPRESSION_TYPE: {
    severity: 'error',
    meaning: 'An expression puts together what does not go together, such as a text and a number.',
  },
  TEMPLATE_IN_EXPRESSION: {
    severity: 'error',
    meaning: '`${{ }}` stands where the expression is written bare.',
  },
  TEMPLATE_HERE: { severity: 'error', meaning: '`${{ }}` stands where text is taken as it is.' },
  UNKNOWN_REFERENCE: { severity: 'error', meaning: 'A name that does not exist.' },
  LATE_REFERENCE: {
    severity: 'error',
    meaning: 'A step that has not ended by then, or never where it is asked for.',
  },

  UNKNOWN_ACTION: { severity: 'error', meaning: 'The catalog has no such action.' },
  UNKNOWN_RUNBOOK: {
    severity: 'error',
    meaning: 'The runbook that a step runs does not exist, has errors, or runs itself.',
  },
  CONNECTION_MISSING: {
    severity: 'error',
    meaning: 'An action needs a connection that the runbook does not declare.',
  },
  COVER_KIND: { severity: 'error', meaning: 'An approval covers something that is no command.' },
  COVER_ORDER: { severity: 'error', meaning: 'An approval covers a command that can run before the answer.' },
  COVER_UNRESOLVED: { severity: 'error', meaning: 'What an approval allows is not known when it opens.' },
  UNUSED: { severity: 'warning', meaning: 'An input or a variable that nothing refers to.' },
  UNGUARDED: {
    severity: 'warning',
    meaning: 'A value that may be missing where it is used, because its step may be left out.',
  },
  UNREACHABLE: { severity: 'warning', meaning: 'A step that no run ever does.' },
  SECRET_IN_TEXT: {
    severity: 'warning',
    meaning: 'What seems to be a secret would stand where many people read it.',
  },
  COVER_MISSING: {
    severity: 'warning',
    meaning: 'A command of a live run touches production, and the approvals cover other commands only.',
  },
  OBJECTIVE_UNMARKED: {
    severity: 'warning',
    meaning: 'A recovery time is promised, but no step says when the application is back.',
  },
  CLEANUP_MISSING: {
    severity: 'warning',
    meaning: 'A drill moves machines, and neither `cleanup` nor `rollback` brings them back.',
  },
  ILLEGAL_MOVE: {
    severity: 'warning',
    meaning:
      'A command would meet its plan in a state in which it is not legal; an error where that is certain.',
  },

  INPUT_MISSING: { severity: 'error', meaning: 'The run is started without an input that has no default.' },
  INPUT_UNKNOWN: {
    severity: 'error',
    meaning: 'The run is started with an input that the runbook does not declare.',
  },
  INPUT_TYPE: { severity: 'error', meaning: 'The value of an input does not fit its type.' },
  INPUT_PATTERN: { severity: 'error', meaning: 'The value of an input does not fit its pattern.' },
  VAR_MISSING: { severity: 'error', meaning: 'A variable has no value in the mode of the run.' },
  MODE_EMPTY: { severity: 'error', meaning: 'No step runs in the mode of the run.' },
  CONNECTION_UNKNOWN: { severity: 'error', meaning: 'The configuration has no such connection.' },
  CONNECTION_KIND: { severity: 'error', meaning: 'A connection leads to another kind of server.' },
  DRILL_NOT_ALLOWED: { severity: 'error', meaning: 'A drill would touch production without leave.' },
  DRILL_IRREVERSIBLE: { severity: 'error', meaning: 'A drill would do what cannot be undone.' },
  LIVE_NOT_COVERED: { severity: 'error', meaning: 'A live run would touch production without an approval.' },
  NOT_PUBLISHED: {
    severity: 'error',
    meaning: 'A live run of a runbook that is not published, or has changed since.',
  },
  ROLE_UNSATISFIABLE: { severity: 'error', meaning: 'An approval asks for more people than there are.' },

  SCHEDULE_REFUSED: {
    severity: 'error',
    meaning: 'A schedule that meets a clock change, or would start live runs that nobody approves.',
  },

  DUPLICATE_NAME: {
    severity: 'error',
    meaning: 'Two files, or the runbooks in them, have the same name.',
  },
  TOO_MANY: { severity: 'error', meaning: 'There are more problems than are shown.' },
} as const satisfies Record<string, { severity: Severity; meaning: string }>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

/** One problem, where it is, and what to do. */
export interface Diagnostic extends Position {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
}

/** What to do. A function where finding it takes time: it is asked only when the problem is shown. */
export type Hint = string | (() => string | undefined) | undefined;

/** More than this helps nobody, and a hostile file can have one per character. */
const MAX_DIAGNOSTICS = 100;

/** Collects the problems of one file. */
export class Reporter {
  readonly #source: SourceText;
  readonly #file: string;
  readonly #found = new Map<string, Diagnostic>();
  #suppressed = 0;

  constructor(source: SourceText, file: string) {
    this.#source = source;
    this.#file = file;
  }

  /** Adds a problem; the same problem at the same place is kept once. */
  add(
    code: DiagnosticCode,
    range: Range,
    message: string,
    hint?: Hint,
    /** Where it is not always the same for a code. */
    severity: Severity = DIAGNOSTICS[code].severity,
  ): void {
    const position = this.#source.position(range);
    const key = `${code} ${position.line} ${position.column} ${message}`;
    if (this.#found.has(key)) return;
    if (this.#found.size >= MAX_DIAGNOSTICS) {
      this.#suppressed += 1;
      return;
    }
    const text = typeof hint === 'function' ? hint() : hint;
    const found = diagnosticAt(code, { file: this.#file, ...position }, message, text);
    this.#found.set(key, { ...found, severity });
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some(({ severity }) => severity === 'error');
  }

  /** What was found, in the order of the file. */
  all(): Diagnostic[] {
    const found = sortDiagnostics([...this.#found.values()]);
    const last = found.at(-1);
    if (this.#suppressed === 0 || last === undefined) return found;
    const { file, line, column } = last;
    return [
      ...found,
      diagnosticAt('TOO_MANY', { file, line, column }, `${this.#suppressed} more problems follow.`),
    ];
  }
}

/** A diagnostic with the severity of its code. */
export function diagnosticAt(
  code: DiagnosticCode,
  place: Position & { readonly file: string },
  message: string,
  hint?: string,
): Diagnostic {
  const { severity } = DIAGNOSTICS[code];
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), ...place };
}

/** By line, then column; equal places keep their order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
}
