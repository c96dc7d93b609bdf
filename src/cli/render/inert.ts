/** Controls (C0 but line break, DEL, C1), and what reorders or hides text around it. */
const CONTROLS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\t') return ' ';
  // Unicode has a picture for each of these.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Text from outside that keeps its lines but cannot move the cursor, colour, hide or reorder anything. */
export function inertLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, visible);
}

/** Text from outside, inert and on one line: it cannot pass for a line of muster's own. */
export function inert(text: string): string {
  return inertLines(text).replaceAll('\n', ' \u23ce ');
}

/**
 * A value with every text in it, keys too, made inert. What is shown of a run goes through this once, at the door,
 * so that nobody further in has to think of it.
 */
export function inertValue<T>(value: T): T {
  return inertAny(value) as T;
}

function inertAny(value: unknown): unknown {
  if (typeof value === 'string') return inert(value);
  if (Array.isArray(value)) return value.map(inertAny);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [inert(key), inertAny(field)]));
}
