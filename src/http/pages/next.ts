import { z } from 'zod';

/** A page of ours to go on to, and of nobody else. */
export const next = z
  .string()
  .max(1_000)
  .regex(/^\/(?![/\\])[\x21-\x7e]*$/)
  .catch('/');
