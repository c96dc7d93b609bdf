import { escapeMarkup } from '../../model/escape-markup.ts';

/** Controls (all but line break and tab), and what reorders or hides text around it. */
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * A text that people or servers wrote, with its lines, in which nothing can reorder, hide or break what stands around it:
 * such a sign is shown as its number.
 */
export function harmless(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\t', ' ');
  return lines.replaceAll(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A harmless text as text of HTML or SVG, also inside an attribute. */
export function escaped(text: string): string {
  return escapeMarkup(harmless(text));
}
