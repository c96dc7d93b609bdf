import { styleText, stripVTControlCharacters } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours text. Whether colours are wanted is decided once, where text is written: see output.ts. */
export function styled(format: Format, text: string): string {
  return styleText(format, text, { validateStream: false });
}

/** How many columns a text takes, as far as one can tell without a font: marks that join the letter before take none. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text).replace(/\p{Mark}/gu, '')].length;
}

/** Fills a text with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts an uncoloured text to `width` columns. */
export function clipped(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
