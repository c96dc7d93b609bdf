import { escapeMarkup } from '../../model/escape-markup.ts';

/** Signs that XML 1.0 has no way to write. */
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\p{Surrogate}]/gu;

/** A text of a file as text of HTML or SVG, also inside an attribute. */
export function markupOf(text: string): string {
  return escapeMarkup(text.replaceAll(NO_XML, '\ufffd'));
}
