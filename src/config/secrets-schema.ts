import { z } from 'zod';
import { isServerUrl, path, secret } from './field-schemas.ts';

/** Nobody types a token more often than that. */
const MAX_REVEALS = 20;

const KEY_HINT =
  'no secret stands in this file; write { env: NAME } or { file: PATH }, or a list of them, the newest key first';

const atVault = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,60}(\/[A-Za-z0-9][A-Za-z0-9_.-]{0,60}){0,8}$/, {
    error: 'write names with slashes between, such as muster/tokens: letters, digits, dots, dashes',
  });

const vault = z.strictObject({
  url: z.string().refine(isServerUrl, {
    error: 'write https:// and a host (and port), nothing behind it; http:// only for this machine',
  }),
  mount: atVault.default('secret'),
  path: atVault.default('muster'),
  token: secret,
  namespace: atVault.exactOptional(),
  ca: z
    .union([path, z.array(path).min(1)])
    .transform((written) => (typeof written === 'string' ? [written] : written))
    .exactOptional(),
});

/** What becomes of secrets that runs are given. */
export const secrets = z.strictObject({
  key: z
    .union([secret, z.array(secret).min(1).max(8)], { error: KEY_HINT })
    .transform((written) => (Array.isArray(written) ? written : [written]))
    .exactOptional(),
  reveals: z.int().min(1).max(MAX_REVEALS).default(3),
  vault: vault.exactOptional(),
  recoveryTokens: z.strictObject({ folder: path }).exactOptional(),
});
