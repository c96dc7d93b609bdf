import { z } from 'zod';

/**
 * A value list that the vendor may lengthen at any time: known values complete in an editor,
 * unknown ones pass as the strings they are.
 */
export function openEnum<Known extends string>() {
  return z.string().transform((value): Known | (string & {}) => value);
}
