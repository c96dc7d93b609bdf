import { lettersOf, widthOf } from './style.ts';

/**
 * How wide letters are, in widths of a font's `em`, in the widest of the fonts that browsers fall back to: a picture has
 * no way to ask. The first that matches counts.
 */
const WIDTHS: readonly (readonly [letters: RegExp, ems: number])[] = [
  [/[ .,:;!'|()[\]{}ijlIftr]/, 0.42],
  [/[mwMW@%&]/, 1],
  [/[A-Z#$<>=+~^_?]/, 0.79],
  [/[ -~‹›]/, 0.62],
];
/** Letters of other scripts; those that terminals draw twice as wide are square. */
const OTHER = 0.8;
const SQUARE = 1.05;

/** How wide a text is, in ems; never less than what a browser makes of it. */
export function emsOf(text: string): number {
  return lettersOf(text).reduce((sum, letter) => sum + emOf(letter), 0);
}

function emOf(letter: string): number {
  const known = WIDTHS.find(([letters]) => letters.test(letter));
  return known?.[1] ?? (widthOf(letter) > 1 ? SQUARE : OTHER);
}

/**
 * A text in lines of so many ems, broken between words, or in a word that is longer than a line. What does not fit into
 * the last line is cut there.
 */
export function wrapped(text: string, ems: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    for (const piece of piecesOf(word, ems)) {
      const longer = line === '' ? piece : `${line} ${piece}`;
      if (emsOf(longer) <= ems) {
        line = longer;
      } else {
        lines.push(line);
        line = piece;
      }
    }
  }
  if (line !== '') lines.push(line);
  const last = lines[maxLines - 1];
  if (lines.length <= maxLines || last === undefined) return lines;
  return [...lines.slice(0, maxLines - 1), shortened(last, ems)];
}

/** A word, in parts that fit into a line. */
function piecesOf(word: string, ems: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const letter of lettersOf(word)) {
    if (piece !== '' && emsOf(piece + letter) > ems) {
      pieces.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...pieces, piece];
}

/** With an ellipsis, for which room is made. */
function shortened(line: string, ems: number): string {
  let kept = line;
  while (kept !== '' && emsOf(`${kept}…`) > ems) kept = lettersOf(kept).slice(0, -1).join('');
  return `${kept}…`;
}
