import { z } from 'zod';

/** Goes into a header: printable ASCII without spaces, nothing that could end a header line. */
const headerSafe = z.string().regex(/^[\x21-\x7e]+$/, 'not fit for a header');

/** Answer of both token endpoints. */
export const tokenAnswer = z.looseObject({
  access_token: headerSafe,
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().positive(),
  /** What the account may do, as Veeam ONE says it; the other products do not. */
  user_role: z.string().max(100).nullish().catch(undefined),
});

/** Answer of VRO's token endpoint to a password, whether a second factor is due or not. */
export const firstFactorAnswer = z.looseObject({
  access_token: headerSafe.nullish(),
  mfa_token: z.string().min(1).nullish(),
});

/** Answer of VRO's token endpoint to a password when a second factor is due. The field name is a guess. */
export const secondFactorAnswer = z.looseObject({
  /** Some servers hand out a token all the same, which opens nothing until the second factor is given. */
  access_token: z.string().nullish(),
  mfa_token: z.string().min(1),
});

/** The form of the `mfa` grant. */
export const secondFactorForm = (mfaToken: string, passcode: string) => ({
  grant_type: 'mfa',
  mfa_token: mfaToken,
  mfa_passcode: passcode,
});
