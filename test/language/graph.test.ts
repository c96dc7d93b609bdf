import { describe, expect, it } from 'vitest';
import { mermaidOf } from '../../src/cli/render/mermaid.ts';
import { svgOf } from '../../src/cli/render/svg.ts';
import { FONTS, layoutOf } from '../../src/cli/render/svg-layout.ts';
import { emsOf, wrapped } from '../../src/cli/render/svg-text.ts';
import { graphOf } from '../../src/language/index.ts';
import { compiled, HEAD, withSteps } from './support.ts';

const STEPS = withSteps(`
- { id: go, approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }
- { id: failover, title: Fail over, uses: vro.failover, with: { plan: '\${{ inputs.plan }}' } }
- id: checks
  parallel:
    - { id: left, check: 'true' }
    - { id: right, modes: [live], wait: 1s }
- id: each
  forEach: { items: '\${{ [1] }}', as: n, key: '\${{ n }}' }
  steps: [{ id: inner, wait: 1s }]
`);
const graph = graphOf(compiled(STEPS));

/** Reads XML as far as this needs: fails on a tag that is not closed, an attribute without quotes, a bare `&` or `<`. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const token =
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)\s*(\/?)>|[^<&]|&(?:amp|lt|gt|quot|#39);/gy;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const [whole, closing, name = '', , alone] = token.exec(xml) ?? [''];
    if (whole === '') throw new Error(`not well-formed at ${xml.slice(at, at + 60)}`);
    if (!whole.startsWith('<') || alone === '/') continue;
    if (closing === '/') expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
}

const EVIL = '</text><script>alert("&\'")</script>';
const evil = graphOf(
  compiled(
    withSteps(`- { id: a, title: ${JSON.stringify(EVIL)}, wait: 1s }\n`).replace(
      'name: test',
      `name: test\ntitle: ${JSON.stringify(EVIL)}`,
    ),
  ),
);

describe('the graph', () => {
  it('tells people, production and the rest apart', () => {
    const [part] = graph.parts;
    expect(part?.nodes.map((node) => (node.kind === 'leaf' ? node.shape : node.flow))).toEqual([
      'gate',
      'production',
      'side',
      'down',
    ]);
  });

  it('of one mode leaves out what does not happen in it', () => {
    const checks = graphOf(compiled(STEPS), { mode: 'drill' }).parts[0]?.nodes[2];
    expect(checks?.kind === 'frame' && checks.nodes.map(({ path }) => path)).toEqual(['checks/left']);
  });
});

describe('Mermaid', () => {
  it('draws shapes, frames and arrows', () => {
    expect(mermaidOf(graph)).toBe(`---
title: "test"
---
flowchart TD
  subgraph n1["Steps"]
  n2{{"go<br/>approval"}}:::gate
  n3[["Fail over<br/>vro.failover"]]:::production
  subgraph n4["checks<br/>parallel"]
  n5{"true<br/>check"}
  n6(["right<br/>wait, live only"])
  end
  subgraph n7["each<br/>for each n"]
  n8(["inner<br/>wait"])
  end
  n2 --> n3
  n3 --> n5
  n3 --> n6
  n5 --> n8
  n6 --> n8
  end
  classDef production stroke:#b00,stroke-width:3px
  classDef gate fill:#fff3c4,color:#111`);
  });

  it('is not led astray by a title', () => {
    expect(mermaidOf(evil)).not.toMatch(/<script|^[^t].*alert\("/m);
  });
});

describe('SVG', () => {
  it('is well-formed', () => {
    assertWellFormed(svgOf(graph));
  });

  it('stays so, whatever a title says', () => {
    const svg = svgOf(evil);
    assertWellFormed(svg);
    expect(svg).not.toContain('<script');
  });

  it('writes no line wider than its box, whatever a title says', () => {
    const long = compiled(
      `${HEAD}- { id: a, title: "${'W'.repeat(60)} and ${'a word '.repeat(15)}", wait: 1s }\n` +
        '- { id: b, manual: { title: "国国国国国国国国国国国国国国国国国国国国国国国国国国国国" } }\n',
    );
    const tooWide = layoutOf(graphOf(long)).drawn.flatMap((one) =>
      one.kind === 'leaf' ? one.words.label.filter((line) => emsOf(line) * FONTS.label > one.width) : [],
    );
    expect(tooWide).toEqual([]);
  });

  it('says what its shapes mean', () => {
    expect(svgOf(graph)).toMatch(/Hexagon: people are asked[^]+Thick red border: changes production/);
  });

  it('tells steps apart that nobody gave a title', () => {
    const [part] = graphOf(compiled(`${HEAD}- { id: look, uses: vro.plan, with: { plan: ERP } }\n`)).parts;
    expect(part?.nodes[0]?.note).toBe('look: vro.plan');
  });

  it('keeps everything inside, and no two boxes on each other', () => {
    const { width, height, drawn } = layoutOf(graph);
    const leaves = drawn.filter((one) => one.kind === 'leaf');
    const outside = leaves.filter(
      (one) => one.x < 0 || one.y < 0 || one.x + one.width > width || one.y + one.height > height,
    );
    const touching = leaves.flatMap((a, index) =>
      leaves
        .slice(index + 1)
        .filter(
          (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
        ),
    );
    expect([...outside, ...touching]).toEqual([]);
  });
});

describe('lines of a picture', () => {
  it.each([
    ['break between words', 'one two three', 4.5, 3, ['one two', 'three']],
    ['break in a word that is too long', 'aaaaaaaaaa', 4, 3, ['aaaaaa', 'aaaa']],
    ['end with an ellipsis when there are too many', 'one two three four', 3, 2, ['one', 'two…']],
    ['are none for nothing', '  ', 4, 3, []],
  ])('%s', (_, text, ems, max, expected) => {
    expect(wrapped(text, ems, max)).toEqual(expected);
  });
});
