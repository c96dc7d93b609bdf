import { CST, Lexer } from 'yaml';
import type { Reporter } from '../diagnostics.ts';
import type { SourceText } from '../source-text.ts';

/** The largest runbook, in bytes. A hundred steps take about 20 KB. */
export const MAX_RUNBOOK_BYTES = 256 * 1024;
/** Nesting of brackets and indentation. The YAML parser recurses, and aborts the process at a few thousand. */
const MAX_DEPTH = 32;
const MAX_LINES = 10_000;
/** Keys, values and the signs between them: a step has 15 to 40, and the parser takes a second for 100,000. */
const MAX_PARTS = 40_000;
const MAX_LINE_LENGTH = 8_000;
const MAX_SCALAR_LENGTH = 16_000;

/**
 * What is invisible (control characters, half surrogate pairs, a byte order mark in the middle, a lone carriage
 * return) or makes a text read otherwise than it is (line separators, bidirectional overrides).
 */
const UNSEEN =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff\p{Surrogate}]|\r(?!\n)|(?!^)\ufeff/u;

/**
 * Looks at hostile text before the YAML parser does: tiny documents can make that parser abort the process, which
 * nothing can catch. One pass over the tokens of the parser's own lexer, which neither recurses nor backtracks, so
 * that quotes, comments and block texts mean here what they mean there. Answers whether the parser may read the text.
 */
export function guard(source: SourceText, report: Reporter): boolean {
  const { text } = source;
  if (text.length > MAX_RUNBOOK_BYTES || Buffer.byteLength(text) > MAX_RUNBOOK_BYTES) {
    const message = `A runbook has at most ${MAX_RUNBOOK_BYTES / 1024} KB.`;
    report.add('SIZE', { start: 0, end: 0 }, message, 'Split it into several runbooks.');
    return false;
  }
  const unseen = UNSEEN.exec(text);
  if (unseen !== null) {
    const code = (text.codePointAt(unseen.index) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const range = { start: unseen.index, end: unseen.index + 1 };
    report.add('CONTROL', range, `The character U+${code} may not stand in a runbook.`, 'Delete it.');
    return false;
  }
  const linesFit = checkLines(source, report);
  return new TokenGuard(text, report).run() && linesFit;
}

function checkLines(source: SourceText, report: Reporter): boolean {
  if (source.lineCount > MAX_LINES) {
    const start = source.startOf(MAX_LINES + 1);
    report.add('COUNT', { start, end: start }, `A runbook has at most ${MAX_LINES} lines.`);
    return false;
  }
  for (let line = 1; line <= source.lineCount; line += 1) {
    if (source.startOf(line + 1) - source.startOf(line) <= MAX_LINE_LENGTH) continue;
    const start = source.startOf(line) + MAX_LINE_LENGTH;
    report.add('LENGTH', { start, end: start }, `A line has at most ${MAX_LINE_LENGTH} characters.`);
    return false;
  }
  return true;
}

const BRACKETS = 'Look for a bracket or a quote that is missing, or one too many.';

/** What the lexer calls a token; null is a plain text. */
type TokenType = CST.TokenType | null;
type StopCode = 'DEPTH' | 'COUNT' | 'LENGTH' | 'MULTI' | 'KEY' | 'SYNTAX';

/** Follows the nesting through the tokens; stops at the first thing that is refused for its amount. */
class TokenGuard {
  readonly #text: string;
  readonly #report: Reporter;
  #ok = true;
  #offset = 0;
  #lineStart = 0;
  #parts = 0;
  /** The open brackets, outermost first; whether a colon has come since the last comma. */
  readonly #brackets: { hasColon: boolean }[] = [];
  /** Whether a colon has come on this line, outside of brackets. */
  readonly #line = { hasColon: false };
  /** Columns at which something is open, ascending: each is at most two levels of block nesting. */
  readonly #columns: number[] = [];
  /** How the last token of this line ended: with what can be a key, with a text that cannot, or with neither. */
  #last: 'key' | 'text' | 'none' = 'none';
  #document: 'before' | 'inside' | 'after' = 'before';

  constructor(text: string, report: Reporter) {
    this.#text = text;
    this.#report = report;
  }

  run(): boolean {
    let isScalar = false;
    for (const token of new Lexer().lex(this.#text)) {
      const type: TokenType = isScalar ? 'scalar' : CST.tokenType(token);
      if (!isScalar && (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end')) {
        // Marks of the lexer, not text. The token behind a scalar's mark is text, whatever it looks like.
        isScalar = type === 'scalar';
        if (type === 'flow-error-end') {
          return this.#stop(
            'SYNTAX',
            '',
            'The brackets above are still open, but this line stands too far left.',
            BRACKETS,
          );
        }
        continue;
      }
      isScalar = false;
      if (!this.#look(type, token)) return false;
      this.#offset += token.length;
      const lineBreak = token.lastIndexOf('\n');
      if (lineBreak !== -1) this.#lineStart = this.#offset - token.length + lineBreak + 1;
    }
    return this.#ok;
  }

  /** Answers false when the rest need not be read. */
  #look(type: TokenType, token: string): boolean {
    switch (type) {
      case 'newline':
        this.#endLine();
        return true;
      case 'space':
      case 'comment':
      case 'byte-order-mark':
        return true;
      case 'directive-line':
        return this.#refuse(
          'DIRECTIVE',
          token,
          'YAML directives are not used in runbooks.',
          'Delete the line.',
        );
      case 'doc-start':
        if (this.#document !== 'before') return this.#secondDocument(token);
        this.#document = 'inside';
        return true;
      case 'doc-end':
        this.#document = 'after';
        return true;
      default:
        if (this.#document === 'after') return this.#secondDocument(token);
        this.#document = 'inside';
        return this.#countFits(token) && this.#lookInside(type, token);
    }
  }

  #lookInside(type: TokenType, token: string): boolean {
    switch (type) {
      case 'anchor':
      case 'alias': {
        const what = type === 'anchor' ? 'an anchor' : 'an alias';
        const hint = `Quote it: a value that begins with ${token.slice(0, 1)} is ${what} in YAML.`;
        return this.#refuse('ALIAS', token, 'Anchors and aliases are not used in runbooks.', hint);
      }
      case 'tag': {
        const hint = 'Quote it: a value that begins with ! is a tag in YAML.';
        return this.#refuse(
          'TAG',
          token,
          `\`${token.slice(0, 40)}\` is a tag; tags are not used in runbooks.`,
          hint,
        );
      }
      case 'flow-map-start':
      case 'flow-seq-start':
        if (!this.#standsAlone(token)) return false;
        if (this.#brackets.length === 0) this.#close();
        this.#brackets.push({ hasColon: false });
        this.#last = 'none';
        return this.#depthFits(token);
      case 'flow-map-end':
      case 'flow-seq-end':
        this.#last = 'key';
        if (this.#brackets.pop() !== undefined) return true;
        return this.#stop('SYNTAX', token, 'This bracket closes nothing.', BRACKETS);
      case 'comma': {
        const bracket = this.#brackets.at(-1);
        if (bracket !== undefined) bracket.hasColon = false;
        this.#last = 'none';
        return true;
      }
      case 'seq-item-ind':
        if (this.#brackets.length === 0 && !this.#line.hasColon) {
          return this.#standsAlone(token) && this.#open(token);
        }
        return this.#stop(
          'SYNTAX',
          token,
          'A list with dashes cannot begin here.',
          'Begin it on a line of its own; inside brackets, put commas between the items.',
        );
      case 'explicit-key-ind':
        return this.#stop(
          'KEY',
          token,
          'Keys written with `?` are not used in runbooks.',
          'Write `key: value`.',
        );
      case 'map-value-ind':
        return this.#lookAtColon(token);
      default:
        return (
          this.#scalarFits(token) && this.#standsAlone(token) && this.#open(token) && this.#endScalar(token)
        );
    }
  }

  /** Two values in a row are an error that the parser reports later, but it may nest unseen until then. */
  #standsAlone(token: string): boolean {
    if (this.#last === 'none') return true;
    return this.#stop(
      'SYNTAX',
      token,
      'Two values stand side by side.',
      'Put a comma or a line break between them; a text with `${{ }}` inside braces needs quotes.',
    );
  }

  #endScalar(token: string): true {
    // What spans lines is no key. A block text ends with its line.
    this.#last = token.includes('\n') ? 'text' : 'key';
    if (token.endsWith('\n')) this.#endLine();
    return true;
  }

  #endLine(): void {
    this.#last = 'none';
    this.#line.hasColon = false;
  }

  /** A colon opens nothing by itself; colons without a key, or in a row, would nest unseen. */
  #lookAtColon(token: string): boolean {
    if (this.#last !== 'key') return this.#stop('KEY', token, 'There is no key before this colon.');
    this.#last = 'none';
    const bracket = this.#brackets.at(-1);
    const scope = bracket ?? this.#line;
    if (scope.hasColon) {
      const hint = 'Quote a text that holds a colon; put a comma, or a line break, before the next key.';
      return this.#stop('SYNTAX', token, 'A second colon for the same key.', hint);
    }
    scope.hasColon = true;
    return true;
  }

  #countFits(token: string): boolean {
    this.#parts += 1;
    return this.#parts <= MAX_PARTS || this.#stop('COUNT', token, 'The file has too many keys and values.');
  }

  #scalarFits(token: string): boolean {
    if (token.length <= MAX_SCALAR_LENGTH) return true;
    return this.#stop('LENGTH', token, `A text has at most ${MAX_SCALAR_LENGTH} characters.`);
  }

  /** Something of a block begins at this column: what began there or further right has ended. */
  #open(token: string): boolean {
    this.#last = 'none';
    if (this.#brackets.length > 0) return true;
    this.#close();
    this.#columns.push(this.#column);
    return this.#depthFits(token);
  }

  #close(): void {
    while ((this.#columns.at(-1) ?? -1) >= this.#column) this.#columns.pop();
  }

  get #column(): number {
    return this.#offset - this.#lineStart;
  }

  #depthFits(token: string): boolean {
    if (this.#columns.length + this.#brackets.length <= MAX_DEPTH) return true;
    return this.#stop('DEPTH', token.slice(0, 1), `Brackets and indentation nest at most ${MAX_DEPTH} deep.`);
  }

  #secondDocument(token: string): boolean {
    return this.#stop(
      'MULTI',
      token,
      'A file holds one runbook.',
      'Put the second document into a file of its own.',
    );
  }

  #refuse(code: 'ALIAS' | 'TAG' | 'DIRECTIVE', token: string, message: string, hint: string): boolean {
    this.#report.add(code, { start: this.#offset, end: this.#offset + token.length }, message, hint);
    this.#ok = false;
    return true;
  }

  #stop(code: StopCode, token: string, message: string, hint?: string): false {
    this.#report.add(code, { start: this.#offset, end: this.#offset + token.length }, message, hint);
    return false;
  }
}
