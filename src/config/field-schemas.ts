import { z } from 'zod';
import { parseDuration } from '../model/duration.ts';
import type { SecretRef } from './config.ts';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** The name of a connection, a person, a role, a runbook. */
export const name = z
  .string()
  .regex(NAME, { error: 'write lower-case letters, digits and `-`, beginning with a letter' });
export const text = z
  .string()
  .min(1, { error: 'must not be empty' })
  .max(500, { error: 'is longer than 500 characters' });
export const path = text;

/** Nobody wants to notice the end of a failover later than this. */
const MAX_POLL_MS = 600_000;

export const duration = z
  .string({ error: 'write a duration such as 5s or 2m' })
  .transform((written, context) => {
    const ms = parseDuration(written);
    if (ms !== undefined && ms <= MAX_POLL_MS) return ms;
    context.addIssue({ code: 'custom', message: 'write a duration of at most 10 minutes, such as 5s or 2m' });
    return z.NEVER;
  });

const SECRET_HINT = 'no secret stands in this file; write { env: NAME } or { file: PATH }';
/** Where a secret is. No schema takes a secret itself. */
export const secret = z
  .strictObject(
    {
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
          error: 'write the name of an environment variable, not a value',
        })
        .exactOptional(),
      file: path.exactOptional(),
    },
    { error: ({ code }) => (code === 'invalid_type' ? SECRET_HINT : undefined) },
  )
  .transform(({ env, file }, context): SecretRef => {
    if (env !== undefined && file === undefined) return { env };
    if (file !== undefined && env === undefined) return { file };
    context.addIssue({ code: 'custom', message: 'write exactly one of { env: NAME } and { file: PATH }' });
    return z.NEVER;
  });

/** Scheme, host and port only, over TLS unless it is this machine. */
export function isServerUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin, href } = new URL(url);
  const isHere =
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
  return `${origin}/` === href && (protocol === 'https:' || (protocol === 'http:' && isHere));
}
