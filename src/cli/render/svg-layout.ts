import type { GraphNode, GraphShape, RunbookGraph } from '../../language/index.ts';

/** Measures of the picture, in pixels. */
const LEAF_WIDTH = 240;
const LEAF_HEIGHT = 52;
const GAP = 28;
const PADDING = 14;
const HEADER = 40;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something to draw. */
export type Drawn =
  | (Rect & {
      readonly kind: 'leaf';
      readonly label: string;
      readonly note: string;
      readonly shape: GraphShape;
    })
  | (Rect & { readonly kind: 'frame'; readonly label: string; readonly note: string })
  | { readonly kind: 'arrow'; readonly x: number; readonly from: number; readonly to: number };

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly drawn: readonly Drawn[];
}

/** A thing with its size, that can be drawn at a place. */
interface Box {
  readonly width: number;
  readonly height: number;
  draw(x: number, y: number, onto: Drawn[]): void;
}

/** Where everything stands: what follows each other below, what happens at the same time side by side. */
export function layoutOf({ parts }: RunbookGraph): Layout {
  const all = column(parts.map(({ heading, nodes }) => frame(heading, '', column(nodes.map(boxOf)))));
  const drawn: Drawn[] = [];
  all.draw(GAP, GAP, drawn);
  return { width: all.width + 2 * GAP, height: all.height + 2 * GAP, drawn };
}

function boxOf(node: GraphNode): Box {
  if (node.kind === 'frame') {
    const inside = node.nodes.map(boxOf);
    return frame(node.label, node.note, node.flow === 'side' ? row(inside) : column(inside));
  }
  const { label, note, shape } = node;
  return {
    width: LEAF_WIDTH,
    height: LEAF_HEIGHT,
    draw: (x, y, onto) =>
      onto.push({ kind: 'leaf', label, note, shape, x, y, width: LEAF_WIDTH, height: LEAF_HEIGHT }),
  };
}

function column(boxes: readonly Box[]): Box {
  const width = Math.max(0, ...boxes.map((box) => box.width));
  const height = sum(boxes.map((box) => box.height)) + GAP * Math.max(0, boxes.length - 1);
  return {
    width,
    height,
    draw(x, y, onto) {
      let top = y;
      for (const [index, box] of boxes.entries()) {
        if (index > 0) onto.push({ kind: 'arrow', x: x + width / 2, from: top - GAP, to: top });
        box.draw(x + (width - box.width) / 2, top, onto);
        top += box.height + GAP;
      }
    },
  };
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
  const height = inside.height + HEADER + PADDING;
  return {
    width,
    height,
    draw(x, y, onto) {
      onto.push({ kind: 'frame', label, note, x, y, width, height });
      inside.draw(x + (width - inside.width) / 2, y + HEADER, onto);
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
