import { isMet, type Goal, type Row } from './row.ts';

const HEAD = ['what', 'median', 'min..max', 'p25..p75', 'n', 'goal', ''] as const;

/** The rows as text for people, with a line under the head. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...rest] = lines;
  return [head, '-'.repeat(Math.max(...lines.map(({ length }) => length))), ...rest].join('\n');
}

function cellsOf(row: Row): readonly string[] {
  const { what, unit, spread, goal } = row;
  const { median, min, max, p25, p75, samples } = spread;
  const isSpread = samples > 1;
  const met = isMet(row);
  return [
    what,
    `${figure(median)} ${unit}`.trimEnd(),
    isSpread ? `${figure(min)}..${figure(max)}` : '',
    isSpread ? `${figure(p25)}..${figure(p75)}` : '',
    String(samples),
    goal === undefined ? '' : wordsOf(goal),
    met === undefined ? '' : met ? 'ok' : 'NOT OK',
  ];
}

function wordsOf({ bound, value, by = 'median' }: Goal): string {
  return `${by === 'max' ? 'max ' : ''}${bound === 'atMost' ? '<=' : '>='} ${figure(value)}`;
}

/** Three digits that matter; whole numbers as they are. */
function figure(value: number): string {
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value >= 10 ? 1 : 2);
}
