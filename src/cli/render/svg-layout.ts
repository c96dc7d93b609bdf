import type { GraphNode, GraphShape, RunbookGraph } from '../../language/index.ts';
import { inert } from './inert.ts';
import { wrapped } from './svg-text.ts';

/** Measures of the picture, in pixels. */
const LEAF_WIDTH = 264;
const GAP = 28;
const PADDING = 14;
/** Beside the text of a box; a hexagon's sides lean in. */
const MARGIN = 12;
export const SLANT = 16;
/** Between a line and the next one. */
export const LABEL_LINE = 18;
export const NOTE_LINE = 16;
/** Sizes of the fonts; the title is bold, which is wider. */
export const FONTS = { title: 17, label: 13, note: 12 } as const;
const BOLD = 1.12;
const TITLE_TOP = 16;
export const TITLE_LINE = 24;
const MAX_TITLE_LINES = 4;
const MAX_LABEL_LINES = 4;
const MAX_NOTE_LINES = 3;
/** Branches beside each other; with more, nobody sees the whole picture at once. */
const MAX_IN_A_ROW = 4;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is written in a box: a label and a note below it, in lines that fit, and both as they are. */
export interface Words {
  readonly label: readonly string[];
  readonly note: readonly string[];
  readonly whole: string;
}

/** Something to draw. */
export type Drawn =
  | (Rect & { readonly kind: 'leaf'; readonly words: Words; readonly shape: GraphShape })
  | (Rect & { readonly kind: 'frame'; readonly words: Words })
  | { readonly kind: 'arrow'; readonly x: number; readonly from: number; readonly to: number };

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly title: readonly string[];
  readonly drawn: readonly Drawn[];
  /** The shapes that are there, for the legend, and where that begins. */
  readonly shapes: readonly GraphShape[];
  readonly legendAt: number;
}

/** A thing with its size, that can be drawn at a place. */
interface Box {
  readonly width: number;
  readonly height: number;
  draw(x: number, y: number, onto: Drawn[]): void;
}

/** Where everything stands: what follows each other below, what happens at the same time side by side. */
export function layoutOf({ title, parts }: RunbookGraph): Layout {
  const all = column(parts.map(({ heading, nodes }) => frame(heading, '', column(nodes.map(boxOf)))));
  const lines = wrapped(inert(title), all.width / FONTS.title / BOLD, MAX_TITLE_LINES);
  const top = TITLE_TOP + lines.length * TITLE_LINE + PADDING;
  const drawn: Drawn[] = [];
  all.draw(GAP, top, drawn);
  const shapes = new Set(drawn.flatMap((one) => (one.kind === 'leaf' ? [one.shape] : [])));
  const legend = [...shapes].filter((shape) => shape !== 'step');
  const legendAt = top + all.height + GAP;
  return {
    width: all.width + 2 * GAP,
    height: legendAt + (legend.length === 0 ? 0 : legend.length * NOTE_LINE + PADDING),
    title: lines,
    drawn,
    shapes: legend,
    legendAt,
  };
}

function boxOf(node: GraphNode): Box {
  if (node.kind === 'frame') {
    const inside = node.nodes.map(boxOf);
    return frame(node.label, node.note, node.flow === 'side' ? rows(inside) : column(inside));
  }
  const { label, note, shape } = node;
  const words = wordsOf(label, note, LEAF_WIDTH - 2 * MARGIN - (shape === 'gate' ? SLANT : 0));
  const size = { width: LEAF_WIDTH, height: heightOf(words) + 2 * MARGIN };
  return { ...size, draw: (x, y, onto) => onto.push({ kind: 'leaf', words, shape, x, y, ...size }) };
}

function wordsOf(label: string, note: string, width: number): Words {
  return {
    label: wrapped(inert(label), width / FONTS.label, MAX_LABEL_LINES),
    note: wrapped(inert(note), width / FONTS.note, MAX_NOTE_LINES),
    whole: [label, note].filter((text) => text !== '').join(': '),
  };
}

/** How high the lines of a box are together. */
function heightOf({ label, note }: Words): number {
  return label.length * LABEL_LINE + note.length * NOTE_LINE;
}

function column(boxes: readonly Box[], { arrows = true }: { readonly arrows?: boolean } = {}): Box {
  const width = Math.max(0, ...boxes.map((box) => box.width));
  const height = sum(boxes.map((box) => box.height)) + GAP * Math.max(0, boxes.length - 1);
  return {
    width,
    height,
    draw(x, y, onto) {
      let top = y;
      for (const [index, box] of boxes.entries()) {
        if (index > 0 && arrows) onto.push({ kind: 'arrow', x: x + width / 2, from: top - GAP, to: top });
        box.draw(x + (width - box.width) / 2, top, onto);
        top += box.height + GAP;
      }
    },
  };
}

function rows(boxes: readonly Box[]): Box {
  const starts = boxes.flatMap((_, index) => (index % MAX_IN_A_ROW === 0 ? [index] : []));
  return column(
    starts.map((start) => row(boxes.slice(start, start + MAX_IN_A_ROW))),
    { arrows: false },
  );
}

function row(boxes: readonly Box[]): Box {
  const width = sum(boxes.map((box) => box.width)) + GAP * Math.max(0, boxes.length - 1);
  return {
    width,
    height: Math.max(0, ...boxes.map((box) => box.height)),
    draw(x, y, onto) {
      let left = x;
      for (const box of boxes) {
        box.draw(left, y, onto);
        left += box.width + GAP;
      }
    },
  };
}

function frame(label: string, note: string, inside: Box): Box {
  const width = Math.max(LEAF_WIDTH, inside.width) + 2 * PADDING;
  const words = wordsOf(label, note, width - 2 * PADDING);
  const header = heightOf(words) + PADDING;
  const height = header + inside.height + PADDING;
  return {
    width,
    height,
    draw(x, y, onto) {
      onto.push({ kind: 'frame', words, x, y, width, height });
      inside.draw(x + (width - inside.width) / 2, y + header, onto);
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
