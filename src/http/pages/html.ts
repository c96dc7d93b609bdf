import { escapeMarkup } from '../../model/escape-markup.ts';

/** HTML that is safe to send as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | undefined | false | readonly Part[];

/** Puts values into HTML. Whatever is not HTML of ours already is text, and stays text: also what a runbook or a server wrote. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.reduce((made, text, index) => `${made}${shown(parts[index - 1])}${text}`));
}

function shown(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(shown).join('');
}

/** What cannot be seen and turns text around (bidirectional controls) is left out as well. */
function escaped(text: string): string {
  return escapeMarkup(text.replaceAll(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f]/g, ''));
}
