import { randomBytes } from 'node:crypto';

/**
 * What every secret begins with that the simulated servers issue. No real one has it, so whoever wants to know where secrets
 * get to looks for it: in logs, in databases, in whatever is written.
 */
export const SECRET_MARK = '5EC2E75EC2E7';

/** A secret of random bytes, written in this way, behind the mark. */
export function markedSecret(bytes: number, form: 'hex' | 'base64' | 'base64url'): string {
  return `${SECRET_MARK}${randomBytes(bytes).toString(form)}`;
}
