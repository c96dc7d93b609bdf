import { createHash } from 'node:crypto';
import type { Block, Cell, Fact, ReportDocument, Section, Table } from './document.ts';
import type { Gantt } from './gantt.ts';
import { ganttSvg } from './gantt-svg.ts';
import { escaped } from './markup.ts';
import { STYLE } from './style.ts';
import { momentText } from './words.ts';

/** Nothing but this very style sheet is ever used, whatever a text tries. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const MAX_SHORT = 14;

/** A report as one HTML file that needs nothing else: no script, no font, no network. It can be printed, and read aloud. */
export function reportHtml({ title, subtitle, madeAt, footer, verdict, sections }: ReportDocument): string {
  const [first = '', ...others] = verdict.says;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} - ${escaped(subtitle)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="sub">${escaped(subtitle)}</p>
<nav aria-label="Contents"><ul>
${sections.map(({ id, title: name }) => `<li><a href="#${id}">${escaped(name)}</a></li>`).join('\n')}
</ul></nav>
</header>
<main>
<section class="verdict ${verdict.tone}" aria-label="Verdict">
<p class="${verdict.tone}">${escaped(first)}</p>
${others.length === 0 ? '' : listHtml(others)}
</section>
${sections.map(sectionHtml).join('\n')}
</main>
<footer>
<p>${escaped(footer)}</p>
<p>Made by muster, ${momentText(madeAt)}.</p>
</footer>
</body>
</html>
`;
}

function sectionHtml({ id, title, blocks }: Section): string {
  return [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">${escaped(title)}</h2>`,
    ...blocks.map((block, index) => blockHtml(block, `${id}-${index}`)),
    '</section>',
  ].join('\n');
}

function blockHtml(block: Block, id: string): string {
  switch (block.kind) {
    case 'text':
      return `<p${classOf(block.tone)}>${escaped(block.text)}</p>`;
    case 'list':
      return listHtml(block.items);
    case 'facts':
      return `<dl>\n${block.facts.map(factHtml).join('\n')}\n</dl>`;
    case 'heading':
      return `<h3>${escaped(block.text)}</h3>`;
    case 'quote':
      return `<figure><figcaption>${escaped(block.by)}</figcaption><blockquote><p>${escaped(block.text)}</p></blockquote></figure>`;
    case 'gantt':
      return ganttHtml(block.gantt, id);
    case 'table':
      return tableHtml(block, id);
  }
}

function listHtml(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
}

function factHtml({ label, value, tone }: Fact): string {
  return `<dt>${escaped(label)}</dt><dd${classOf(tone)}>${escaped(value)}</dd>`;
}

function classOf(...names: readonly (string | undefined)[]): string {
  const known = names.filter((name) => name !== undefined && name !== 'plain');
  return known.length === 0 ? '' : ` class="${known.join(' ')}"`;
}

/** A table that is too wide for a phone is moved by itself, also with the keyboard. */
function tableHtml({ caption, columns, rows }: Table, id: string): string {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const cell = ({ text, tone, note }: Cell, index: number): string => {
    const look = classOf(tone, columns[index]?.align, isShort(text) ? 'short' : undefined);
    const small = note === undefined || note === '' ? '' : `<span class="note">${escaped(note)}</span>`;
    const tag = index === 0 ? 'th' : 'td';
    return `<${tag}${index === 0 ? ' scope="row"' : ''}${look}>${escaped(text)}${small}</${tag}>`;
  };
  return [
    `<div class="wide" role="region" aria-labelledby="${id}-caption" tabindex="0">`,
    '<table>',
    `<caption id="${id}-caption">${escaped(caption)}</caption>`,
    `<colgroup>${columns.map(({ share }) => `<col class="w${Math.round((share / shares) * 100)}">`).join('')}</colgroup>`,
    `<thead><tr>${columns.map(({ label, align }) => `<th scope="col"${classOf(align)}>${escaped(label)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

/** A word or a time, which is not to be broken; whatever is longer may be anything. */
function isShort(text: string): boolean {
  return text.length <= MAX_SHORT && !text.includes('\n');
}

function ganttHtml(gantt: Gantt, id: string): string {
  const more = gantt.more === 0 ? '' : `<p>${gantt.more} more steps are in the table below.</p>`;
  const waited = gantt.rows.some(({ waits }) => waits.length > 0);
  const legend = waited ? '<p class="sub">Violet: people were waited for.</p>' : '';
  return [
    `<figure><div class="wide" role="region" aria-label="The timeline as a picture" tabindex="0">`,
    ganttSvg(gantt, id),
    '</div></figure>',
    legend,
    more,
    '<details><summary>The timeline as text</summary>',
    listHtml([
      ...gantt.marks.map(({ at, label }) => `${label}: ${momentText(at)}`),
      ...gantt.rows.map(({ says }) => says),
    ]),
    '</details>',
  ].join('\n');
}
