import { z } from 'zod';

/** A `timestamptz`, as milliseconds since 1970. */
export const time = z.date().transform((date) => date.getTime());

/** A `json` object. */
export const json = z.record(z.string(), z.json());

/** Milliseconds since 1970, as a `timestamptz`. */
export function at(ms: number): Date {
  return new Date(ms);
}

/** Text of a stranger as PostgreSQL takes it: it has no NUL. For what is only shown, never for a key. */
export function storable(text: string | undefined): string | null {
  // Through UTF-8: half a surrogate pair is no text for PostgreSQL either.
  return text === undefined ? null : Buffer.from(text.replaceAll('\0', '\uFFFD'), 'utf8').toString('utf8');
}
