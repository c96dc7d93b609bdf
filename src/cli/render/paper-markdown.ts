import { inert } from './inert.ts';
import type { Paper, PaperBlock, PaperStep, PaperValue } from './paper.ts';

/** A line to write on. */
const LINE = '______________________';

/** What Markdown would read as more than a letter; a text of the file must not become a heading, a link or HTML. */
const SPECIAL = /[\\`*_{}[\]<>#|~!]/g;
const LIST_MARK = /^(\s*)([-+]|\d+\.)(?=\s)/;

/** The paper runbook as Markdown. */
export function paperMarkdown({ title, blocks }: Paper): string {
  return [`# ${escaped(title)}`, ...blocks.map(blockText)].join('\n\n');
}

function blockText(block: PaperBlock): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escaped(block.text)}`;
    case 'text':
      return escaped(block.text);
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'values':
      return block.values.map((one) => `- ${valueText(one)}`).join('\n');
    case 'step':
      return stepText(block.step);
  }
}

function stepText({ number, title, box, depth, production, says, byHand, blanks }: PaperStep): string {
  const indent = '  '.repeat(depth);
  const lines = [
    ...says.map(escaped),
    ...(byHand === undefined ? [] : [`**By hand:** ${escaped(byHand)}`]),
    ...blanks.map((label) => valueText({ label })),
  ];
  const head = `${box ? '[ ] ' : ''}**${number}. ${escaped(title)}**${production ? ' — **PRODUCTION**' : ''}`;
  return [`${indent}- ${head}`, ...lines.map((line) => `${indent}  - ${line}`)].join('\n');
}

function valueText({ label, value }: PaperValue): string {
  return `${escaped(label)}: ${value === undefined ? escaped(LINE) : `**${escaped(value)}**`}`;
}

function escaped(text: string): string {
  return inert(text)
    .replaceAll(SPECIAL, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`))
    .replace(LIST_MARK, '$1\\$2');
}
