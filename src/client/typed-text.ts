import { z } from 'zod';

/**
 * What people type, as it is taken from them: without characters that nobody sees. PostgreSQL keeps no NUL, and a terminal
 * obeys others. A line may hold no control character at all; a text may have tabs and line breaks.
 */
const LINE = /^\P{Cc}*$/u;
const TEXT = /^(?:\P{Cc}|[\t\n\r])*$/u;
/** Why the border refuses what {@link isTyped} says is none. */
export const NOT_TYPED = 'must not hold control characters';

/** A name, an id, or anything else on one line. */
export function typedLine(max: number) {
  return z.string().max(max).regex(LINE, { error: NOT_TYPED });
}

/** A comment or a reason, which may have several lines. */
export function typedText(max: number) {
  return z.string().max(max).regex(TEXT, { error: NOT_TYPED });
}

/** Why something is done: there has to be something. */
export function typedReason(max: number) {
  return z.string().trim().min(1).max(max).regex(TEXT, { error: NOT_TYPED });
}

/** Values by name, such as inputs: whatever JSON can hold, and its texts as above. */
export function typedValues() {
  return z.record(z.string(), z.unknown()).refine(isTyped, { error: NOT_TYPED });
}

/** Whether all texts in what JSON or a form brought are such. Also for what is nested deeper than a function can call itself. */
export function isTyped(values: unknown): boolean {
  const left: unknown[] = [values];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && !TEXT.test(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (!LINE.test(name)) return false;
      left.push(inner);
    }
  }
  return true;
}
