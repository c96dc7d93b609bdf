import { createHash } from 'node:crypto';

/** A UUID that is always the same for the same text, so that scenarios need not write ids down. */
export function stableId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // Version 8 (custom) and the RFC 9562 variant: strict readers of UUIDs accept it.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
