import { z } from 'zod';

/** Goes into a header: printable ASCII without spaces, nothing that could end a header line. */
const headerSafe = z.string().regex(/^[\x21-\x7e]+$/, 'not fit for a header');

/** Answer of both token endpoints. */
export const tokenAnswer = z.looseObject({
  access_token: headerSafe,
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().positive(),
});

/** Answer of VRO's token endpoint that hands out no access token yet: a second factor is due. */
export const secondFactorAnswer = z.looseObject({
  access_token: z.union([z.null(), z.literal('')]).optional(),
  mfa_token: z.string().min(1),
});
