/**
 * Reads a query string in which a value may be raw JSON, as the vendor's examples have it:
 * `filter=[{"operator":"&&","items":[...]}]`. There an `&` does not always end a parameter: one that is no whole JSON
 * text up to its `&` goes on after it. The first value of a name counts.
 */
export function parseQueryString(text: string): Record<string, string> {
  const values = new Map<string, string>();
  const parts = text.split('&');
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const border = part.indexOf('=');
    const name = decode(border === -1 ? part : part.slice(0, border));
    let value = decode(border === -1 ? '' : part.slice(border + 1));
    if (/^\s*[[{]/.test(value) && !isJson(value)) {
      for (let end = index + 1; end < parts.length; end += 1) {
        const longer = decode(
          parts
            .slice(index, end + 1)
            .join('&')
            .slice(border + 1),
        );
        if (!isJson(longer)) continue;
        value = longer;
        index = end;
        break;
      }
    }
    if (name !== '' && !values.has(name)) values.set(name, value);
  }
  return Object.fromEntries(values);
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
