import { padded, styled, widthOf } from './style.ts';

/** Rows under a heading, in columns two spaces apart; no trailing space. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [styled('dim', line(heading)), ...rows.map(line)];
}
