import type { Cell, Table } from './document.ts';
import { colourOf, type Look, type PdfPaper } from './pdf-page.ts';
import { LIGHT } from './style.ts';

const TEXT = { size: 8.5 } as const;
const NOTE = { size: 7.2, colour: LIGHT.muted } as const;
const HEAD = { size: 7.8, font: 'bold', colour: LIGHT.muted } as const;
const GAP = 8;
const PAD = 3.5;
/** A row higher than this share of a page would leave gaps; what is longer goes on in a row of its own. */
const MAX_ROW_SHARE = 0.6;

interface Placed {
  readonly x: number;
  readonly width: number;
}

/** Draws a table; its head is repeated on every page, and no row is torn. */
export function drawTable(paper: PdfPaper, { caption, columns, rows }: Table): void {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = paper.left;
  const placed = columns.map(({ share }): Placed => {
    const width = (share / shares) * (paper.width - GAP * (columns.length - 1));
    const at = { x, width };
    x += width + GAP;
    return at;
  });
  const align = (index: number): Pick<Look, 'align'> => ({ align: columns[index]?.align ?? 'left' });
  const headHeight = Math.max(
    ...columns.map(({ label }, index) => paper.height(label, placed[index]?.width ?? 0, HEAD)),
  );
  const drawHead = (): void => {
    for (const [index, { label }] of columns.entries()) {
      const place = placed[index];
      if (place !== undefined) paper.write(label, { ...place, y: paper.y }, { ...HEAD, ...align(index) });
    }
    paper.y += headHeight + PAD;
    paper.line([paper.left, paper.y], [paper.left + paper.width, paper.y], { colour: LIGHT.muted });
    paper.y += PAD;
  };
  paper.need(headHeight + 60);
  paper.paragraph(caption, NOTE);
  paper.y += 2;
  drawHead();
  for (const row of rows.flatMap((cells) => parts(paper, cells, placed))) {
    const height = rowHeight(paper, row, placed);
    if (paper.need(height + 2 * PAD)) drawHead();
    for (const [index, cell] of row.entries()) {
      const place = placed[index];
      if (place !== undefined) drawCell(paper, cell, { place, look: align(index) });
    }
    paper.y += height + PAD;
    paper.line([paper.left, paper.y], [paper.left + paper.width, paper.y]);
    paper.y += PAD;
  }
  paper.y += 8;
}

function drawCell(
  paper: PdfPaper,
  { text, tone, note = '' }: Cell,
  { place, look }: { place: Placed; look: Look },
): void {
  const shown = { ...TEXT, ...look, ...toneLook(tone) };
  paper.write(text, { ...place, y: paper.y }, shown);
  const below = paper.y + paper.height(text, place.width, shown);
  paper.write(note, { ...place, y: below }, { ...NOTE, ...look });
}

function toneLook(tone: Cell['tone']): Look {
  return tone === undefined || tone === 'plain' ? {} : { font: 'bold', colour: colourOf(tone) };
}

function rowHeight(paper: PdfPaper, row: readonly Cell[], placed: readonly Placed[]): number {
  return Math.max(
    ...row.map(({ text, tone, note = '' }, index) => {
      const width = placed[index]?.width ?? 0;
      return paper.height(text, width, { ...TEXT, ...toneLook(tone) }) + paper.height(note, width, NOTE);
    }),
  );
}

/** A row that is too high, as rows below each other, each with the next part of every text. */
function parts(paper: PdfPaper, row: readonly Cell[], placed: readonly Placed[]): (readonly Cell[])[] {
  if (rowHeight(paper, row, placed) <= paper.room * MAX_ROW_SHARE) return [row];
  const half = (text: string, isFirst: boolean): string => {
    // A short text stays whole in the first part.
    if (text.length < 200) return isFirst ? text : '';
    const at = text.indexOf(' ', Math.floor(text.length / 2));
    const cut = at === -1 ? Math.floor(text.length / 2) : at + 1;
    return isFirst ? text.slice(0, cut) : text.slice(cut);
  };
  const cellsOf = (isFirst: boolean): Cell[] =>
    row.map((cell) => ({
      ...cell,
      text: half(cell.text, isFirst),
      ...(cell.note === undefined ? {} : { note: half(cell.note, isFirst) }),
    }));
  const [first, rest] = [cellsOf(true), cellsOf(false)];
  if (rest.every(({ text, note = '' }) => text === '' && note === '')) return [row];
  return [...parts(paper, first, placed), ...parts(paper, rest, placed)];
}
