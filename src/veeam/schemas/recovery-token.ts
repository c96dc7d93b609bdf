import { z } from 'zod';

/** A token for bare-metal recovery. */
export const recoveryToken = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  /** The secret itself. Seal it at once; never log or return it. */
  recoveryToken: z.string().nullish(),
  /** ISO date. */
  expirationDate: z.string(),
});

export const recoveryTokenPage = z.looseObject({
  data: z.array(recoveryToken),
  pagination: z.looseObject({
    total: z.number(),
    count: z.number(),
    skip: z.number().nullish(),
    limit: z.number().nullish(),
  }),
});
