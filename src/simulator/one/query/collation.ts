/** How two texts are compared. */
export const COLLATIONS = ['ordinal', 'ignorecase', 'lexicographic'] as const;
export type Collation = (typeof COLLATIONS)[number];

/** Seed of the default: what is compared when nothing is said. */
export const DEFAULT_COLLATION: Collation = 'ignorecase';

/**
 * Negative, zero or positive. `ordinal` goes symbol by symbol, `ignorecase` too but without case, `lexicographic`
 * compares words with words and numbers with numbers: `vm-9` comes before `VM-10`.
 */
export function compareTexts(a: string, b: string, collation: Collation): number {
  switch (collation) {
    case 'ordinal':
      return order(a, b);
    case 'ignorecase':
      return order(a.toLowerCase(), b.toLowerCase());
    case 'lexicographic':
      return compareWords(a.toLowerCase(), b.toLowerCase());
  }
}

/** Whether one text contains another. Words and numbers make no difference here: only `ordinal` looks at the case. */
export function containsText(text: string, part: string, collation: Collation): boolean {
  return collation === 'ordinal' ? text.includes(part) : text.toLowerCase().includes(part.toLowerCase());
}

function order<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareWords(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const compared =
      isNumber(part) && isNumber(other) ? order(BigInt(part), BigInt(other)) : order(part, other);
    if (compared !== 0) return compared;
  }
  return left.length - right.length;
}

function partsOf(text: string): string[] {
  return text.match(/[0-9]+|[^0-9]+/g) ?? [];
}

function isNumber(part: string): boolean {
  return /^[0-9]/.test(part);
}
