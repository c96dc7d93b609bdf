/** Patterns name the shape of a short text; the engine cannot even compile a very long one. */
const MAX_PATTERN_LENGTH = 500;
/** A text that is matched against a pattern is this short, so that the bound below holds. */
export const MAX_MATCHED_LENGTH = 256;
/**
 * In how many ways a pattern may be laid over a text, at most: three quantifiers such as `\d+`. JavaScript's matcher
 * tries the ways one by one, so this bounds its time (well under 100 ms) whatever the text.
 */
const MAX_WAYS = (MAX_MATCHED_LENGTH + 1) ** 3;

/** The pattern as it is used: over the whole text. */
export function anchored(pattern: string): string {
  return `^(?:${pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')})$`;
}

/** Whether an anchored pattern matches a text. */
export function matches(pattern: string, text: string): boolean {
  return text.length <= MAX_MATCHED_LENGTH && new RegExp(pattern, 'u').test(text);
}

/** Why a pattern cannot be used, or undefined when it can. */
export function patternProblem(pattern: string): { message: string; hint?: string } | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return { message: `A pattern has at most ${MAX_PATTERN_LENGTH} characters.` };
  }
  try {
    new RegExp(pattern, 'u');
    new RegExp(anchored(pattern), 'u');
  } catch (error) {
    return {
      message: `The pattern cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
  try {
    const ways = new Ways(pattern).count();
    if (ways <= MAX_WAYS) return undefined;
    return {
      message: 'The pattern could take very long to match.',
      hint: 'Use at most three of *, + and {n,m}.',
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { message: error.message, hint: error.hint };
  }
}

class Refused extends Error {
  override readonly name = 'Refused';
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Counts in how many ways a well-formed pattern can be laid over a text, by walking it once. */
class Ways {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  count(): number {
    return this.#alternatives();
  }

  #alternatives(): number {
    let ways = 0;
    for (;;) {
      ways += this.#sequence();
      if (this.#pattern[this.#at] !== '|') return ways;
      this.#at += 1;
    }
  }

  #sequence(): number {
    let ways = 1;
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      const { isGroup, ways: inside } = this.#atom();
      ways *= this.#quantified(inside, isGroup);
    }
    return ways;
  }

  #atom(): { isGroup: boolean; ways: number } {
    const rest = this.#pattern.slice(this.#at);
    if (rest.startsWith('(')) {
      if (/^\(\?(?:[=!]|<[=!])/.test(rest)) {
        throw new Refused('A pattern cannot look ahead or back.', 'Leave out (?=, (?!, (?<= and (?<!.');
      }
      this.#at += /^\((?:\?(?::|<[^>]*>))?/.exec(rest)?.[0].length ?? 1;
      const ways = this.#alternatives();
      this.#at += 1;
      return { isGroup: true, ways };
    }
    if (/^\\(?:[1-9]|k<)/.test(rest)) {
      throw new Refused('A pattern cannot refer back to a group.', 'Write the part out.');
    }
    const atom =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|.)|.)/su.exec(
        rest,
      );
    this.#at += atom?.[0].length ?? 1;
    return { isGroup: false, ways: 1 };
  }

  #quantified(ways: number, isGroup: boolean): number {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#pattern.slice(this.#at));
    if (match === null) return ways;
    this.#at += match[0].length;
    const [text, least = '0', comma = '', most = ''] = match;
    if (text.startsWith('?')) return ways + 1;
    const min = Math.min(Number(least), MAX_MATCHED_LENGTH);
    const isFixed = text.startsWith('{') && comma === '';
    const max = isFixed ? min : most === '' ? MAX_MATCHED_LENGTH : Math.min(Number(most), MAX_MATCHED_LENGTH);
    if (isGroup && !isFixed && !(text.startsWith('{') && most !== '')) {
      throw new Refused(
        'A group cannot be repeated without end.',
        'Repeat one class of characters instead: [a-z0-9-]+',
      );
    }
    return (max - min + 1) * ways ** max;
  }
}
