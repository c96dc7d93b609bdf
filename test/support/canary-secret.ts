import { randomBytes, randomInt } from 'node:crypto';
import { SECRET_MARK } from '../../src/simulator/index.ts';

/*
 * Secrets that tests configure, type and send. They begin as those that simulated servers issue, so that each test's tables, and
 * at its end the whole suite's databases and logs, are searched for them (`secret-search.ts`).
 */

/** A secret of letters, digits, `-` and `_`: it can be part of an address, too. */
export function canarySecret(): string {
  return `${SECRET_MARK}${randomBytes(18).toString('base64url')}`;
}

/** One with signs that forms, URLs, JSON and HTML write in ways of their own. */
export function awkwardCanary(): string {
  return `${SECRET_MARK}+ /&="\\ä%${randomBytes(12).toString('base64url')}`;
}

/** The secret of an authenticator: the mark is base32. */
export function canaryTotp(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const rest = Array.from({ length: 20 }, () => letters.charAt(randomInt(letters.length)));
  return `${SECRET_MARK}${rest.join('')}`;
}

/** A key of 32 bytes, in base64: its first bytes are those of the mark. */
export function canaryKey(): string {
  const mark = Buffer.from(SECRET_MARK);
  return Buffer.concat([mark, randomBytes(32 - mark.length)]).toString('base64');
}
