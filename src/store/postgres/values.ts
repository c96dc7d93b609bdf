import { z } from 'zod';

/** A `timestamptz`, as milliseconds since 1970. */
export const time = z.date().transform((date) => date.getTime());

/** A `json` object. */
export const json = z.record(z.string(), z.json());

/** Milliseconds since 1970, as a `timestamptz`. */
export function at(ms: number): Date {
  return new Date(ms);
}
