/** Makes foreign text fit for a message: one line, no control or formatting characters, at most `max` characters. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length <= max ? line : `${wellFormed(line.slice(0, max - 1))}…`;
}

/** Replaces halves of surrogate pairs, over which encodeURIComponent would throw. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD');
}
