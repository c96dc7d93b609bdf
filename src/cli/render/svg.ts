import type { GraphShape, RunbookGraph } from '../../language/index.ts';
import { inert } from './inert.ts';
import { markupOf } from './markup.ts';
import {
  FONTS,
  LABEL_LINE,
  layoutOf,
  NOTE_LINE,
  SLANT,
  TITLE_LINE,
  type Drawn,
  type Layout,
  type Rect,
  type Words,
} from './svg-layout.ts';

/** Beside the edge of the picture, and of a frame. */
const MARGIN = 28;
const FRAME_MARGIN = 14;
/** From the top of a line to the foot of its letters. */
const LABEL_FOOT = 13;
const NOTE_FOOT = 12;
const TITLE_FOOT = 34;

/** It brings its own ground, so that it reads the same on a white page, in a dark one, and on paper. */
const STYLE =
  `text{font:${FONTS.label}px system-ui,sans-serif;fill:#111}.title{font-size:${FONTS.title}px;font-weight:600}` +
  `.note{font-size:${FONTS.note}px;fill:#444}` +
  '.ground{fill:#fff}.leaf{fill:#fff;stroke:#555}.production{fill:#fff;stroke:#b00;stroke-width:3}' +
  '.gate{fill:#fff3c4;stroke:#a70}.check,.wait{fill:#e8eff9;stroke:#557}.frame{fill:#000;fill-opacity:.03;stroke:#bbb}' +
  '.arrow{stroke:#555;fill:none;marker-end:url(#head)}.head{fill:#555}' +
  '@media screen and (prefers-color-scheme:dark){text{fill:#eee}.note{fill:#bbb}.ground{fill:#181a1f}' +
  '.leaf{fill:#24272e;stroke:#999}.production{fill:#24272e;stroke:#f66}.gate{fill:#4a3d10;stroke:#da3}' +
  '.check,.wait{fill:#233148;stroke:#89a}.frame{fill:#fff;stroke:#555}.arrow{stroke:#aaa}.head{fill:#aaa}}';

/** What the shapes say that do not speak for themselves. */
const LEGEND = {
  step: '',
  production: 'Thick red border: changes production',
  gate: 'Hexagon: people are asked',
  check: 'Round corners: a check',
  wait: 'Round ends: a wait',
} as const satisfies Record<GraphShape, string>;

/** The picture of a runbook as one SVG file that needs nothing else. */
export function svgOf(graph: RunbookGraph): string {
  const layout = layoutOf(graph);
  const { width, height, title, drawn } = layout;
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(graph.title)}">`,
    `<title>${escaped(graph.title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...title.map((line, index) =>
      text(line, ' class="title"', { x: MARGIN, y: TITLE_FOOT + index * TITLE_LINE, anchor: 'start' }),
    ),
    ...drawn.map(draw),
    ...legend(layout),
    '</svg>',
  ].join('\n');
}

function draw(one: Drawn): string {
  switch (one.kind) {
    case 'arrow':
      return `<path class="arrow" d="M${one.x} ${one.from}V${one.to}"/>`;
    case 'frame': {
      const { x, y, width, height, words } = one;
      return group(words, [
        `<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
        ...lines(words, { x: x + FRAME_MARGIN, y: y + FRAME_MARGIN / 2, anchor: 'start' }),
      ]);
    }
    case 'leaf': {
      const { x, y, width, height, words, shape } = one;
      const top = y + (height - words.label.length * LABEL_LINE - words.note.length * NOTE_LINE) / 2;
      return group(words, [
        outline(one, shape),
        ...lines(words, { x: x + width / 2, y: top, anchor: 'middle' }),
      ]);
    }
  }
}

/** With the whole text for whoever points at it, or listens. */
function group({ whole }: Words, parts: readonly string[]): string {
  return `<g><title>${escaped(whole)}</title>${parts.join('')}</g>`;
}

/** People are asked in a hexagon, everything else happens in boxes. */
function outline({ x, y, width, height }: Rect, shape: GraphShape): string {
  if (shape === 'gate') {
    const [right, bottom, half] = [x + width, y + height, y + height / 2];
    const points = [
      [x, half],
      [x + SLANT, y],
      [right - SLANT, y],
      [right, half],
      [right - SLANT, bottom],
      [x + SLANT, bottom],
    ];
    return `<polygon class="gate" points="${points.map((point) => point.join(',')).join(' ')}"/>`;
  }
  const round = shape === 'wait' ? height / 2 : shape === 'check' ? 14 : 3;
  const look = shape === 'step' ? 'leaf' : shape;
  return `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle';
}

function lines({ label, note }: Words, { x, y, anchor }: Place): string[] {
  const noteAt = y + label.length * LABEL_LINE;
  return [
    ...label.map((line, index) => text(line, '', { x, y: y + index * LABEL_LINE + LABEL_FOOT, anchor })),
    ...note.map((line, index) =>
      text(line, ' class="note"', { x, y: noteAt + index * NOTE_LINE + NOTE_FOOT, anchor }),
    ),
  ];
}

function legend({ shapes, legendAt }: Layout): string[] {
  return shapes.map((shape, index) =>
    text(LEGEND[shape], ' class="note"', { x: MARGIN, y: legendAt + index * NOTE_LINE, anchor: 'start' }),
  );
}

function text(line: string, look: string, { x, y, anchor }: Place): string {
  return `<text${look} x="${x}" y="${y}" text-anchor="${anchor}">${markupOf(line)}</text>`;
}

function escaped(words: string): string {
  return markupOf(inert(words));
}
