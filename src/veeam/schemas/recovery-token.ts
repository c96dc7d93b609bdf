import { z } from 'zod';
import { vbrPageOf } from './vbr-page.ts';

/** A token for bare-metal recovery. */
export const recoveryToken = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  /** The secret itself. Seal it at once; never log or return it. */
  recoveryToken: z.string().nullish(),
  /** ISO date. */
  expirationDate: z.string(),
});

export const recoveryTokenPage = vbrPageOf(recoveryToken);
