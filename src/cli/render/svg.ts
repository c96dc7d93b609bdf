import type { GraphShape, RunbookGraph } from '../../language/index.ts';
import { inert } from './inert.ts';
import { escapeMarkup } from './markup.ts';
import { clipped } from './style.ts';
import { layoutOf, type Drawn, type Rect } from './svg-layout.ts';

/** Columns of text that fit into a box of the layout. */
const LABEL_COLUMNS = 34;
const NOTE_COLUMNS = 40;
const MIN_FRAME_COLUMNS = 30;
/** Pixels of one column of a label. */
const COLUMN_WIDTH = 7;

const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#111}.note{font-size:11px;fill:#555}.leaf{fill:#fff;stroke:#555}' +
  '.production{fill:#fff;stroke:#b00;stroke-width:3}.gate{fill:#fff3c4;stroke:#a70}.check,.wait{fill:#eef3fa;stroke:#557}' +
  '.frame{fill:#f6f6f6;fill-opacity:.6;stroke:#bbb}.arrow{stroke:#555;fill:none;marker-end:url(#head)}';

/** The picture of a runbook as one SVG file that needs nothing else. */
export function svgOf(graph: RunbookGraph): string {
  const { width, height, drawn } = layoutOf(graph);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(graph.title)}">`,
    `<title>${escaped(graph.title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
    ...drawn.map(draw),
    '</svg>',
  ].join('\n');
}

function draw(one: Drawn): string {
  switch (one.kind) {
    case 'arrow':
      return `<path class="arrow" d="M${one.x} ${one.from}V${one.to}"/>`;
    case 'frame': {
      const columns = Math.max(MIN_FRAME_COLUMNS, Math.floor(one.width / COLUMN_WIDTH) - 2);
      return group(one, [
        `<rect class="frame" x="${one.x}" y="${one.y}" width="${one.width}" height="${one.height}" rx="6"/>`,
        label(one.x + 10, one.y + 16, one.label, columns),
        note(one.x + 10, one.y + 31, one.note, columns),
      ]);
    }
    case 'leaf': {
      const middle = one.x + one.width / 2;
      return group(one, [
        outline(one, one.shape),
        label(middle, one.y + 22, one.label, LABEL_COLUMNS, 'middle'),
        note(middle, one.y + 40, one.note, NOTE_COLUMNS, 'middle'),
      ]);
    }
  }
}

/** With the whole text for whoever points at it, or listens. */
function group(
  { label: title, note: more }: { label: string; note: string },
  parts: readonly string[],
): string {
  return `<g><title>${escaped([title, more].filter((text) => text !== '').join(': '))}</title>${parts.join('')}</g>`;
}

/** People are asked in a hexagon, everything else happens in boxes. */
function outline({ x, y, width, height }: Rect, shape: GraphShape): string {
  if (shape === 'gate') {
    const [right, bottom, half] = [x + width, y + height, y + height / 2];
    const points = [
      [x, half],
      [x + 16, y],
      [right - 16, y],
      [right, half],
      [right - 16, bottom],
      [x + 16, bottom],
    ];
    return `<polygon class="gate" points="${points.map((point) => point.join(',')).join(' ')}"/>`;
  }
  const round = shape === 'wait' ? height / 2 : shape === 'check' ? 14 : 3;
  const look = shape === 'step' ? 'leaf' : shape;
  return `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
}

function label(x: number, y: number, text: string, columns: number, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(clipped(inert(text), columns))}</text>`;
}

function note(x: number, y: number, text: string, columns: number, anchor = 'start'): string {
  if (text === '') return '';
  return `<text class="note" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(clipped(inert(text), columns))}</text>`;
}

function escaped(text: string): string {
  return escapeMarkup(inert(text));
}
