import type { Diagnostic } from './diagnostics.ts';

/** How parts of the text are set off; plain by default. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string): string => text;
const PLAIN: Paint = { bold: same, red: same, yellow: same, dim: same };
/** A source line wider than this is cut around the place that is pointed at. */
const MAX_WIDTH = 110;
/** What could move the cursor or reorder the line on a terminal. */
const UNSEEN = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Diagnostics as people read them: place, code and message; the line with a caret; what to do. Nothing of the file
 * reaches the terminal as a control character.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { paint = PLAIN }: { paint?: Paint } = {},
): string {
  return diagnostics.map((diagnostic) => renderOne(diagnostic, paint)).join('\n\n');
}

function renderOne(diagnostic: Diagnostic, paint: Paint): string {
  const { code, severity, message, hint, file, line, column, sourceLine } = diagnostic;
  const accent = severity === 'error' ? paint.red : paint.yellow;
  const place = paint.bold(`${visible(file)}:${line}:${column}`);
  const lines = [`${place}  ${accent(severity)} ${accent(code)}  ${visible(message)}`];
  if (sourceLine !== undefined && sourceLine.trim() !== '') {
    lines.push(...excerpt(diagnostic, sourceLine, paint, accent));
  }
  if (hint !== undefined) lines.push(`  ${paint.dim('hint:')} ${visible(hint)}`);
  return lines.join('\n');
}

function excerpt(
  { line, column, endColumn }: Diagnostic,
  sourceLine: string,
  paint: Paint,
  accent: Paint['red'],
): string[] {
  const from = column > MAX_WIDTH - 20 ? column - 40 : 0;
  const shown = visible(sourceLine.slice(from, from + MAX_WIDTH));
  const width = Math.max(1, Math.min((endColumn ?? column + 1) - column, MAX_WIDTH - (column - 1 - from)));
  const number = String(line).padStart(5);
  return [
    `${paint.dim(`${number} |`)} ${shown}`,
    `${paint.dim(`${' '.repeat(number.length)} |`)} ${' '.repeat(column - 1 - from)}${accent('^'.repeat(width))}`,
  ];
}

/** One character for each one, so that the caret stays under its place. */
function visible(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\t' || character === '\n' ? ' ' : '\ufffd'));
}
