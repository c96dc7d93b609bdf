import { styleText, stripVTControlCharacters } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours text. Whether colours are wanted is decided once, where text is written: see output.ts. */
export function styled(format: Format, text: string): string {
  return styleText(format, text, { validateStream: false });
}

const LETTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Letters that terminals draw two columns wide. */
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60]/u;

/** What people see as letters, however many characters each is made of. */
export function lettersOf(text: string): string[] {
  return Array.from(LETTERS.segment(text), ({ segment }) => segment);
}

const columnsOf = (letter: string): number => (WIDE.test(letter) ? 2 : 1);

/** How many columns a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  return lettersOf(stripVTControlCharacters(text)).reduce((sum, letter) => sum + columnsOf(letter), 0);
}

/** Fills a text with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts an uncoloured text to `width` columns, the last of them an ellipsis. */
export function clipped(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let room = width - 1;
  const kept = lettersOf(text).filter((letter) => (room -= columnsOf(letter)) >= 0);
  return `${kept.join('')}…`;
}

/** The colours of diagnostics. */
export const PAINT = {
  bold: (text: string) => styled('bold', text),
  red: (text: string) => styled('red', text),
  yellow: (text: string) => styled('yellow', text),
  dim: (text: string) => styled('dim', text),
};
