import type { Block, Fact, ReportDocument, Section } from './document.ts';
import { drawGantt } from './pdf-gantt.ts';
import { colourOf, PdfPaper } from './pdf-page.ts';
import { drawTable } from './pdf-table.ts';
import { LIGHT } from './style.ts';
import { momentText } from './words.ts';

const MUTED = { size: 9, colour: LIGHT.muted } as const;
const LABELS = 118;
const INDENT = 12;

/**
 * A report as PDF: the same content as the HTML, with text that can be selected. The same document has the same bytes.
 * It carries no fonts, so letters that no reader has by itself are written otherwise, which it says on its last page.
 */
export async function reportPdf(report: ReportDocument): Promise<Buffer> {
  const { title, subtitle, madeAt, footer, verdict, sections } = report;
  const paper = new PdfPaper({ title, subject: subtitle, madeAt });
  paper.paragraph(title, { size: 19, font: 'bold' });
  paper.y += 3;
  paper.paragraph(subtitle, MUTED);
  paper.y += 12;
  drawVerdict(paper, verdict);
  for (const section of sections) drawSection(paper, section);
  drawLetters(paper);
  paper.y += 10;
  paper.paragraph(`Made by muster, ${momentText(madeAt)}.`, MUTED);
  return paper.end(footer);
}

function drawVerdict(paper: PdfPaper, { tone, says }: ReportDocument['verdict']): void {
  const [first = '', ...others] = says;
  const look = { size: 13, font: 'bold', colour: colourOf(tone) } as const;
  const spot = { x: paper.left + INDENT, width: paper.width - 2 * INDENT };
  const lines = others.map((line) => `•  ${line}`);
  const height =
    paper.height(first, spot.width, look) +
    lines.reduce((sum, line) => sum + paper.height(line, spot.width) + 1, 0) +
    20;
  paper.box(paper.left, paper.y, { width: paper.width, height, colour: LIGHT.panel });
  paper.box(paper.left, paper.y, {
    width: 4,
    height,
    colour: tone === 'plain' ? LIGHT.plain : colourOf(tone),
  });
  paper.y += 8;
  paper.paragraph(first, look, spot);
  paper.y += 4;
  for (const line of lines) {
    paper.paragraph(line, {}, spot);
    paper.y += 1;
  }
  paper.y += 10;
}

function drawSection(paper: PdfPaper, { title, blocks }: Section): void {
  paper.y += 14;
  // A heading stays with what follows.
  paper.need(90);
  paper.bookmark(title);
  paper.paragraph(title, { size: 13, font: 'bold' });
  paper.y += 2;
  paper.line([paper.left, paper.y], [paper.left + paper.width, paper.y]);
  paper.y += 7;
  for (const block of blocks) drawBlock(paper, block);
}

function drawBlock(paper: PdfPaper, block: Block): void {
  switch (block.kind) {
    case 'text':
      paper.paragraph(block.text, { colour: colourOf(block.tone) });
      paper.y += 5;
      return;
    case 'list':
      for (const item of block.items) {
        paper.paragraph(`•  ${item}`, {}, { x: paper.left + 6, width: paper.width - 6 });
        paper.y += 2;
      }
      paper.y += 4;
      return;
    case 'facts':
      for (const fact of block.facts) drawFact(paper, fact);
      paper.y += 5;
      return;
    case 'heading':
      paper.y += 6;
      paper.need(60);
      paper.paragraph(block.text, { size: 10.5, font: 'bold' });
      paper.y += 3;
      return;
    case 'quote':
      drawQuote(paper, block);
      return;
    case 'gantt':
      drawGantt(paper, block.gantt);
      return;
    case 'table':
      drawTable(paper, block);
      return;
  }
}

function drawFact(paper: PdfPaper, { label, value, tone }: Fact): void {
  const spot = { x: paper.left + LABELS, width: paper.width - LABELS };
  const look = { colour: colourOf(tone), ...(tone === undefined ? {} : { font: 'bold' as const }) };
  const height = paper.height(value, spot.width, look);
  paper.need(Math.min(height, paper.room));
  paper.write(label, { x: paper.left, width: LABELS - 8, y: paper.y }, { colour: LIGHT.muted });
  const top = paper.y;
  paper.paragraph(value, look, spot);
  const labelEnd = top + paper.height(label, LABELS - 8);
  // A long label may be higher than its value; on a new page its end says nothing.
  if (paper.y > top) paper.y = Math.max(paper.y, labelEnd);
  paper.y += 2.5;
}

/** Who said it, and below it their own words. */
function drawQuote(paper: PdfPaper, { by, text }: { readonly by: string; readonly text: string }): void {
  const spot = { x: paper.left + INDENT, width: paper.width - 2 * INDENT };
  const words = paper.height(text, spot.width);
  paper.need(Math.min(words + 34, paper.room));
  paper.paragraph(by, { size: 8.5, colour: LIGHT.muted });
  paper.y += 2;
  if (words + 10 <= paper.room) {
    paper.box(paper.left, paper.y, { width: paper.width, height: words + 10, colour: LIGHT.panel });
    paper.box(paper.left, paper.y, { width: 3, height: words + 10, colour: LIGHT.line });
  }
  paper.y += 5;
  paper.paragraph(text, {}, spot);
  paper.y += 11;
}

/** What the fonts could not show. */
function drawLetters(paper: PdfPaper): void {
  const replaced = paper.letters.replaced();
  if (replaced.length === 0) return;
  const list = replaced.map(({ letter, as }) => (letter === as ? letter : `${letter} as ${as}`)).join(', ');
  drawSection(paper, {
    id: 'letters',
    title: 'Letters of this file',
    blocks: [
      {
        kind: 'text',
        text: 'This file has the letters of Western Europe only. Others are written without their marks, or as their number in Unicode. The HTML and the JSON of the report have all texts as they were written.',
      },
      { kind: 'text', text: `Written otherwise here: ${list}` },
    ],
  });
}
