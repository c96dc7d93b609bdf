import type { ScalarNode } from './tree.ts';

/** How many characters of the file an escape in double quotes takes, by its letter; all others take two. */
const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/**
 * Where the character at `offset` of a scalar's value stands in the file. Exact for texts that are written on one
 * line; for others the start of the scalar.
 */
export function fileOffset(text: string, node: ScalarNode, offset: number): number {
  const written = text.slice(node.start, node.end);
  if (node.style === 'block' || written.includes('\n')) return node.start;
  if (node.style === 'plain') return node.start + offset;
  let at = 1;
  for (let index = 0; index < offset && at < written.length;) {
    if (node.style === 'single' && written.startsWith("''", at)) {
      at += 2;
      index += 1;
    } else if (node.style === 'double' && written[at] === '\\') {
      // Only \U can stand for a character outside the basic plane: two units of the value.
      const letter = written[at + 1] ?? '';
      index += letter === 'U' && parseInt(written.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1;
      at += ESCAPE_LENGTHS[letter] ?? 2;
    } else {
      at += 1;
      index += 1;
    }
  }
  return node.start + at;
}
