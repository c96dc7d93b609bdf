import type { GraphNode, GraphShape, RunbookGraph } from '../../language/index.ts';
import { inert } from './inert.ts';

/** Mermaid's brackets for each shape. */
const SHAPES = {
  step: ['[', ']'],
  production: ['[[', ']]'],
  gate: ['{{', '}}'],
  check: ['{', '}'],
  wait: ['([', '])'],
} as const satisfies Record<GraphShape, readonly [string, string]>;

/** The picture of a runbook in Mermaid's language. */
export function mermaidOf({ title, parts }: RunbookGraph): string {
  const writer = new MermaidWriter();
  for (const { heading, nodes } of parts) writer.part(heading, nodes);
  return [
    '---',
    // What JSON quotes, YAML reads; here Mermaid knows no entities.
    `title: ${JSON.stringify(inert(title).replaceAll('<', '‹').replaceAll('>', '›'))}`,
    '---',
    'flowchart TD',
    ...writer.lines.map((line) => `  ${line}`),
    '  classDef production stroke:#b00,stroke-width:3px',
    '  classDef gate fill:#fff3c4,color:#111',
  ].join('\n');
}

/** The ends of something that arrows lead to and from. */
interface Ends {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

class MermaidWriter {
  readonly lines: string[] = [];
  #ids = 0;
  #before: readonly string[] = [];

  part(heading: string, nodes: readonly GraphNode[]): void {
    const ends = this.#frame(heading, '', 'down', nodes);
    this.#connect(this.#before, ends.first);
    this.#before = ends.last;
  }

  #node(node: GraphNode): Ends {
    if (node.kind === 'frame') return this.#frame(node.label, node.note, node.flow, node.nodes);
    const id = this.#newId();
    const [open, close] = SHAPES[node.shape];
    const look = node.shape === 'production' || node.shape === 'gate' ? `:::${node.shape}` : '';
    this.lines.push(`${id}${open}"${labelOf(node.label, node.note)}"${close}${look}`);
    return { first: [id], last: [id] };
  }

  #frame(label: string, note: string, flow: 'down' | 'side', nodes: readonly GraphNode[]): Ends {
    const id = this.#newId();
    this.lines.push(`subgraph ${id}["${labelOf(label, note)}"]`);
    const inside = nodes.map((node) => this.#node(node));
    if (flow === 'down') {
      inside.forEach((ends, index) => this.#connect(inside[index - 1]?.last ?? [], ends.first));
    }
    this.lines.push('end');
    if (inside.length === 0) return { first: [id], last: [id] };
    return flow === 'side'
      ? { first: inside.flatMap(({ first }) => first), last: inside.flatMap(({ last }) => last) }
      : { first: inside[0]?.first ?? [], last: inside.at(-1)?.last ?? [] };
  }

  #connect(from: readonly string[], to: readonly string[]): void {
    // Between two fans, one arrow for each end is enough: all of one have ended before any of the other begins.
    const [left, right] = [from[0], to[0]];
    if (left === undefined || right === undefined) return;
    if (from.length === 1) for (const end of to) this.lines.push(`${left} --> ${end}`);
    else if (to.length === 1) for (const start of from) this.lines.push(`${start} --> ${right}`);
    else {
      const joint = this.#newId();
      this.lines.push(`${joint}(( ))`);
      for (const start of from) this.lines.push(`${start} --> ${joint}`);
      for (const end of to) this.lines.push(`${joint} --> ${end}`);
    }
  }

  /** A letter first: `end` and the like are words of Mermaid. */
  #newId(): string {
    this.#ids += 1;
    return `n${this.#ids}`;
  }
}

function labelOf(label: string, note: string): string {
  return note === '' || note === label ? escaped(label) : `${escaped(label)}<br/>${escaped(note)}`;
}

/** Whatever Mermaid or HTML could read as more than a letter becomes an entity in Mermaid's own spelling. */
function escaped(text: string): string {
  return inert(text).replaceAll(
    /[^\p{L}\p{N} .,:;?!()/=+\-'‹›…]/gu,
    (sign) => `#${sign.codePointAt(0) ?? 63};`,
  );
}
