/** What a screen obeys or shows in another order than it was written. A line break and a tab may stay. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Half of a character: no JSON parser agrees with another about it. */
const LONE = /\p{Surrogate}/gu;

/** A text of several lines as it can be shown to people; a name in it must not be able to play with the screen. */
export function shownText(text: string): string {
  return text.replaceAll(LONE, '\ufffd').replaceAll(/\r\n?/gu, '\n').replaceAll(UNSEEN, '').trim();
}

/** The same in one line. */
export function shownLine(text: string): string {
  return shownText(text).replaceAll(/\s+/gu, ' ');
}

/** The beginning of a text that costs at most `most`; `…` stands for what was left out. */
export function cut(text: string, most: number, costOf: (character: string) => number = () => 1): string {
  const room = most - costOf('…');
  let cost = 0;
  let kept = '';
  for (const character of text) {
    const next = cost + costOf(character);
    if (next > most) return `${kept}…`;
    // What comes before the mark must leave room for it.
    if (next <= room) kept += character;
    cost = next;
  }
  return text;
}
