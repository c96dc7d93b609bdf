import type { Gantt } from './gantt.ts';
import { colourOf, type PdfPaper } from './pdf-page.ts';
import { LIGHT } from './style.ts';

const LABEL_SHARE = 0.27;
const ROW = 15;
const BAR = 8;
const HEAD = 16;
const FOOT = 18;
const SMALL = { size: 7.5, colour: LIGHT.muted } as const;
const LABEL = { size: 8 } as const;
const TICK_WIDTH = 60;
const MIN_BAR = 1.2;

/** Draws the timeline; one that is longer than a page goes on on the next, with its scale. */
export function drawGantt(paper: PdfPaper, gantt: Gantt): void {
  const { rows, more } = gantt;
  const perPage = Math.floor((paper.room - HEAD - FOOT) / ROW);
  for (let first = 0; first < rows.length;) {
    paper.need(HEAD + FOOT + Math.min(rows.length - first, 3) * ROW);
    const fitting = Math.floor((paper.bottom - paper.y - HEAD - FOOT) / ROW);
    const count = Math.max(1, Math.min(fitting, perPage));
    drawPart(paper, { ...gantt, rows: rows.slice(first, first + count) });
    first += count;
  }
  if (rows.some(({ waits }) => waits.length > 0)) paper.paragraph('Violet: people were waited for.', SMALL);
  if (more > 0) paper.paragraph(`${more} more steps are in the table below.`, SMALL);
}

function drawPart(paper: PdfPaper, { from, to, ticks, rows, marks }: Gantt): void {
  const labels = paper.width * LABEL_SHARE;
  const left = paper.left + labels;
  const right = paper.left + paper.width - TICK_WIDTH / 2;
  const x = (at: number): number =>
    left + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (right - left);
  const top = paper.y + HEAD;
  const foot = top + rows.length * ROW;
  for (const { at, label } of ticks) {
    const place = { x: x(at) - TICK_WIDTH / 2, width: TICK_WIDTH, y: paper.y };
    paper.write(label, place, { ...SMALL, align: 'center' });
    paper.line([x(at), top - 4], [x(at), foot]);
  }
  for (const [index, row] of rows.entries()) {
    const y = top + index * ROW;
    paper.write(
      paper.shortened(row.label, labels - 8, LABEL),
      { x: paper.left, width: labels, y: y + 3 },
      LABEL,
    );
    const bar = (begin: number, end: number, colour: string): void =>
      paper.box(x(begin), y + (ROW - BAR) / 2, {
        width: Math.max(MIN_BAR, x(end) - x(begin)),
        height: BAR,
        colour,
      });
    bar(row.from, row.to, row.tone === 'plain' ? LIGHT.plain : colourOf(row.tone));
    for (const wait of row.waits) bar(wait.from, wait.to, LIGHT.people);
  }
  for (const { at, label } of marks) {
    paper.line([x(at), top - 4], [x(at), foot + 4], { colour: LIGHT.text, dashed: true });
    const width = 80;
    const place = Math.min(Math.max(x(at) - width / 2, paper.left), paper.left + paper.width - width);
    paper.write(label, { x: place, width, y: foot + 5 }, { size: 7.5, align: 'center' });
  }
  paper.y = foot + FOOT;
}
