import { harmless } from './markup.ts';

/** What the standard fonts of PDF have beside Latin-1: the rest of Windows-1252. */
const BEYOND_LATIN_1 = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');
/** The sign for something that a font lacks is no letter of these fonts, so its number is written. */
const numberOf = (letter: string): string =>
  `[U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
/** Letters that Unicode does not take apart, as they are written without them. */
const WRITTEN: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  '→': '->',
  '≤': '<=',
  '≥': '>=',
  '✓': 'ok',
};

/**
 * Texts in the letters that every reader of PDF has without a font in the file: those of Western Europe. A letter that they
 * lack loses its mark (ő becomes o); one that has no such form is written as its number. What was written otherwise is
 * remembered, so that the report can say so.
 */
export class PdfLetters {
  readonly #replaced = new Map<string, string>();

  /** A harmless text that can be drawn. */
  drawable(text: string): string {
    return Array.from(harmless(text.normalize('NFC')), (letter) => this.#written(letter)).join('');
  }

  /** Every letter that was written otherwise, and how, in the order of its number. */
  replaced(): readonly { readonly letter: string; readonly as: string }[] {
    return [...this.#replaced]
      .map(([letter, as]) => ({ letter: numberOf(letter), as }))
      .sort((a, b) => (a.letter < b.letter ? -1 : 1));
  }

  #written(letter: string): string {
    if (isDrawable(letter)) return letter;
    const base = Array.from(letter.normalize('NFD'))
      .filter((part) => !/\p{Mark}/u.test(part))
      .join('');
    const as =
      WRITTEN[letter] ?? (base !== '' && Array.from(base).every(isDrawable) ? base : numberOf(letter));
    this.#replaced.set(letter, as);
    return as;
  }
}

function isDrawable(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return (
    letter === '\n' ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xff) ||
    BEYOND_LATIN_1.has(letter)
  );
}
