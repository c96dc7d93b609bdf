import { z } from 'zod';
import { path } from './field-schemas.ts';

/** `name+hash+base64`, as `muster ledger witness` prints it. What is in it is checked when it is used. */
const verifierKey = z.string().regex(/^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,60}$/, {
  error: 'write a verifier key (name+hash+base64), as the witness shows it',
});
const keys = z.tuple([verifierKey], verifierKey);

/** The ledger: its name, and who remembers its newest checkpoint elsewhere. */
export const ledger = z.strictObject({
  origin: z
    .string()
    .regex(/^[a-z0-9][a-z0-9./-]{0,100}$/, {
      error: "write a name such as 'muster.example/ledger': lower case, digits, dots, dashes, slashes",
    })
    .default('muster/ledger'),
  witnesses: z
    .array(z.union([z.strictObject({ folder: path, keys }), z.strictObject({ url: z.url(), keys })]))
    .max(8)
    .default([]),
});
