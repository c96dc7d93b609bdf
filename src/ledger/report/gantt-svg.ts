import type { Gantt, GanttRow } from './gantt.ts';
import { escaped } from './markup.ts';

/** Measures in pixels; the picture grows and shrinks with the page. */
const WIDTH = 960;
const LABELS = 236;
const RIGHT = 24;
const TOP = 30;
const ROW = 22;
const BAR = 12;
const BOTTOM = 30;
/** What a bar of no length is drawn as. */
const MIN_BAR = 2;
/** Letters of a label that fit, at the width that the widest fonts have. */
const MAX_LABEL = 34;

/** The timeline as SVG, with a title and a description for those who cannot see it. */
export function ganttSvg(gantt: Gantt, id: string): string {
  const { from, to, ticks, rows, marks } = gantt;
  const height = TOP + rows.length * ROW + BOTTOM;
  const x = (at: number): number =>
    round(LABELS + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (WIDTH - LABELS - RIGHT));
  const foot = TOP + rows.length * ROW;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">When each step ran</title>`,
    `<desc id="${id}-desc">One bar for each of ${rows.length} steps, from the start of the run to its end. The same follows as text.</desc>`,
    ...ticks.map(({ at, label }) => {
      const place = x(at);
      return (
        `<line class="grid" x1="${place}" y1="${TOP - 6}" x2="${place}" y2="${foot}"/>` +
        `<text class="tick" x="${place}" y="${TOP - 12}" text-anchor="middle">${escaped(label)}</text>`
      );
    }),
    ...rows.map((row, index) => rowSvg(row, TOP + index * ROW, x)),
    ...marks.map(({ at, label }) => {
      const place = x(at);
      const anchor = place > WIDTH - 120 ? 'end' : place < LABELS + 60 ? 'start' : 'middle';
      return (
        `<line class="mark" x1="${place}" y1="${TOP - 6}" x2="${place}" y2="${foot + 6}"/>` +
        `<text x="${place}" y="${foot + 20}" text-anchor="${anchor}">${escaped(label)}</text>`
      );
    }),
    '</svg>',
  ].join('\n');
}

function rowSvg(
  { label, from, to, tone, waits, says }: GanttRow,
  y: number,
  x: (at: number) => number,
): string {
  const bar = (begin: number, end: number, look: string): string => {
    const left = x(begin);
    const width = Math.max(MIN_BAR, round(x(end) - left));
    return `<rect class="bar ${look}" x="${left}" y="${y + (ROW - BAR) / 2}" width="${width}" height="${BAR}" rx="2"/>`;
  };
  return [
    '<g>',
    `<title>${escaped(says)}</title>`,
    `<text x="0" y="${y + ROW / 2 + 4}">${escaped(shortLabel(label))}</text>`,
    bar(from, to, tone),
    ...waits.map((wait) => bar(wait.from, wait.to, 'people')),
    '</g>',
  ].join('');
}

/** The end of a path tells more than its beginning. */
function shortLabel(label: string): string {
  const letters = Array.from(label);
  return letters.length <= MAX_LABEL ? label : `…${letters.slice(1 - MAX_LABEL).join('')}`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
