import { inert } from './inert.ts';
import { markupOf } from './markup.ts';
import type { Paper, PaperBlock, PaperStep, PaperValue } from './paper.ts';

const STYLE = `
:root { color-scheme: light; }
body { font: 11pt/1.45 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; border-bottom: 1px solid #999; margin-top: 2rem; }
.step { margin: 0.9rem 0; } .step p { margin: 0.15rem 0 0.15rem 1.8rem; }
.head { display: flex; align-items: baseline; }
.box { flex: none; width: 1rem; height: 1rem; border: 2px solid #111; margin-right: 0.6rem; transform: translateY(0.15rem); }
.production { border-left: 0.3rem solid #b00; padding-left: 0.6rem; }
.production .title::after { content: " PRODUCTION"; color: #b00; }
.title { font-weight: 600; }
p.fill, .step p.fill { display: flex; align-items: flex-end; min-height: 2.1rem; margin-bottom: 0; }
.blank { flex: 1; min-width: 12rem; margin-left: 0.5rem; border-bottom: 1px solid #111; }
h1, h2, h2 + p, .group { break-after: avoid; } .step, .values { break-inside: avoid; }
p, li { overflow-wrap: anywhere; }
@page { margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; } }
@media print { body { margin: 0; padding: 0; max-width: none; } }
`;

/** The paper runbook as one HTML file that needs nothing else: no script, no font, no picture. */
export function paperHtml({ title, blocks }: Paper): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${blocks.map(blockHtml).join('\n')}
</body>
</html>`;
}

function blockHtml(block: PaperBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
    case 'values':
      return `<div class="values">\n${block.values.map(valueHtml).join('\n')}\n</div>`;
    case 'step':
      return stepHtml(block.step);
  }
}

function stepHtml({ number, title, box, depth, production, says, byHand, blanks }: PaperStep): string {
  const lines = [
    ...says.map((line) => `<p>${escaped(line)}</p>`),
    ...(byHand === undefined ? [] : [`<p><strong>By hand:</strong> ${escaped(byHand)}</p>`]),
    ...blanks.map((label) => valueHtml({ label })),
  ];
  const classes = ['step', ...(production ? ['production'] : []), ...(box ? [] : ['group'])].join(' ');
  return [
    `<div class="${classes}" style="margin-left: ${depth * 1.8}rem">`,
    `<div class="head">${box ? '<span class="box"></span>' : ''}<span class="title">${escaped(`${number}. ${title}`)}</span></div>`,
    ...lines,
    '</div>',
  ].join('\n');
}

function valueHtml({ label, value }: PaperValue): string {
  return value === undefined
    ? `<p class="fill">${escaped(label)}: <span class="blank"></span></p>`
    : `<p>${escaped(label)}: <strong>${escaped(value)}</strong></p>`;
}

function escaped(text: string): string {
  return markupOf(inert(text));
}
