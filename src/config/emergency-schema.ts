import { z } from 'zod';
import { path } from './field-schemas.ts';

const patterns = z
  .array(
    z.string().regex(/^[a-z0-9*-]{1,64}$/, {
      error: "write patterns of runbook names such as 'erp-*'; nothing but * is special",
    }),
  )
  .max(50)
  .default([]);

/** For which runbooks people may answer otherwise than by themselves and together; where a live run may go on without the store. */
export const emergency = z.strictObject({
  spoken: patterns,
  breakGlass: patterns,
  writeAhead: z.strictObject({ folder: path }).exactOptional(),
});
