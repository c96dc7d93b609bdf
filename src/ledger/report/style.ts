/** The colours of a report. Each text has a contrast of at least 4.5 to 1 on its ground, each bar of at least 3 to 1. */
export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  readonly plain: string;
  /** Of the time in which people were waited for. */
  readonly people: string;
}

export const LIGHT: Palette = {
  ground: '#ffffff',
  panel: '#f4f6f8',
  text: '#1b1f24',
  muted: '#525b66',
  line: '#c9d0d8',
  good: '#116329',
  warn: '#7a4b00',
  bad: '#a40e26',
  plain: '#3d4752',
  people: '#8250df',
};

export const DARK: Palette = {
  ground: '#14171c',
  panel: '#1d2229',
  text: '#e8ebef',
  muted: '#a9b3be',
  line: '#3b444f',
  good: '#6bd890',
  warn: '#f0b858',
  bad: '#ff9a94',
  plain: '#aab4bf',
  people: '#c4a3ff',
};

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${String(colour)}`)
    .join(';');
}

/** Widths of columns, as classes: no element has a style of its own. */
const WIDTHS = Array.from({ length: 100 }, (_, index) => `.w${index + 1}{width:${index + 1}%}`).join('');

/** The one style sheet of every report: readable on a phone, on a screen by night, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.7rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1.02rem;margin:1.5rem 0 .5rem;overflow-wrap:anywhere}
p{margin:.5rem 0;overflow-wrap:anywhere}
.sub,.note{color:var(--muted)}.sub{margin-top:.35rem}
.note{display:block;font-size:.82rem;line-height:1.35}
.verdict{margin:1.5rem 0 0;padding:1rem 1.25rem;background:var(--panel);border-left:.45rem solid var(--plain);border-radius:.35rem}
.verdict p:first-of-type{font-size:1.3rem;font-weight:650;margin-top:0}
.verdict ul{margin:.4rem 0 0;padding-left:1.2rem}
.verdict.good{border-left-color:var(--good)}.verdict.warn{border-left-color:var(--warn)}.verdict.bad{border-left-color:var(--bad)}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.verdict.good,.verdict.warn,.verdict.bad{color:var(--text)}
td.good,td.warn,td.bad,dd.good,dd.warn,dd.bad{font-weight:650}
td .note{font-weight:400;white-space:normal}
.short{white-space:nowrap}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:1.25rem 0 0;font-size:.92rem}
a{color:inherit}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;margin:.5rem 0 1rem}
${WIDTHS}
caption{text-align:left;color:var(--muted);font-size:.85rem;padding:.2rem 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{color:var(--muted);font-weight:600;font-size:.85rem;white-space:nowrap}
tbody th{font-weight:500}
.right{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-right:1rem}
td,dd,blockquote p{white-space:pre-line}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1.25rem;margin:.5rem 0 1rem}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:.6rem 0}
blockquote{margin:.6rem 0;padding:.5rem 1rem;border-left:.25rem solid var(--line);background:var(--panel);border-radius:.25rem}
blockquote p{margin:0}figcaption{color:var(--muted);font-size:.88rem;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto;min-width:40rem}
svg text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--text)}
svg .tick{fill:var(--muted);font-size:11px}
svg .grid{stroke:var(--line);stroke-width:1}svg .mark{stroke:var(--text);stroke-width:1.5;stroke-dasharray:4 3}
svg .bar{stroke:none}svg .bar.good{fill:var(--good)}svg .bar.warn{fill:var(--warn)}svg .bar.bad{fill:var(--bad)}
svg .bar.plain{fill:var(--plain)}svg .bar.people{fill:var(--people)}
details{margin:.25rem 0 1rem}summary{cursor:pointer;color:var(--muted)}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem;overflow-wrap:anywhere}
@media (max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
@page{margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt system-ui,sans-serif}}
@media print{
body{font-size:10pt}header,main,footer{max-width:none;padding:0}nav,details{display:none}
h2,h3,caption{break-after:avoid}tr,blockquote,dl,.verdict,figure{break-inside:avoid}thead{display:table-header-group}
.wide{overflow:visible}svg{min-width:0}
.verdict,.bar,blockquote{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
