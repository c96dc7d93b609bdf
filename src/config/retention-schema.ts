import { z } from 'zod';

const DAY_MS = 86_400_000;
/** A year, and never less than one: what is kept too long can still be removed. */
const YEAR_MS = 366 * DAY_MS;
const MAX_YEARS = 100;

/** How long something is kept: years or days. */
const age = z.string({ error: 'write an age such as 10y or 400d' }).transform((text, context) => {
  const [, count = '', unit] = /^(\d{1,5})([dy])$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'y' ? YEAR_MS : DAY_MS);
  if (count === '' || ms < DAY_MS || ms > MAX_YEARS * YEAR_MS) {
    context.addIssue({ code: 'custom', message: 'write an age from 1d to 100y, such as 10y or 400d' });
    return z.NEVER;
  }
  return ms;
});

/** How long what is recorded is kept. What has no age is never removed. */
export const retention = z.strictObject({
  runs: age.exactOptional(),
  refusals: age.exactOptional(),
  identity: age.exactOptional(),
  drills: z.int().min(0).max(1_000).default(1),
  automatic: z.boolean().default(false),
});
