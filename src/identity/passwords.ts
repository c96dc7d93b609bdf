import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import {
  MIN_LOG_N,
  parsePasswordHash,
  renderPasswordHash,
  scryptMemoryBytes,
  type PasswordHash,
} from '../model/password-hash.ts';
import { HashSlots } from './hash-slots.ts';
import { IdentityError } from './identity-error.ts';

/** Shorter ones are guessed too soon (NIST SP 800-63B asks for 8 with a second factor, 15 without). */
export const MIN_PASSWORD_LENGTH = 12;
/** Longer input is no password, and hashing it would be work for free. */
const MAX_PASSWORD_LENGTH = 512;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** OWASP's advice for 32 MiB: about 0.2 s on a server of today. */
const COST = { logN: MIN_LOG_N, blockSize: 8, parallelism: 3 };

const slots = new HashSlots();

/**
 * Hashes a password the way the configuration keeps it: `$scrypt$ln=15,r=8,p=3$SALT$HASH`.
 *
 * @throws IdentityError `identity.badRequest` when it is too short or too long
 */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    throw new IdentityError(
      'identity.badRequest',
      `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters. A few random words are a good one.`,
    );
  }
  const salt = randomBytes(SALT_BYTES);
  const hash = await slots.run(() => derive(password, salt, COST));
  return renderPasswordHash({ ...COST, salt: unpadded(salt), hash: unpadded(hash) });
}

/**
 * Whether a password is the one that was hashed. It takes the same time whatever the answer.
 *
 * @throws IdentityError `identity.busy`
 */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const parsed = parsePasswordHash(kept);
  const isPlausible = password.length <= MAX_PASSWORD_LENGTH;
  const against = parsed ?? DUMMY;
  const salt = Buffer.from(against.salt, 'base64');
  const found = await slots.run(() => derive(isPlausible ? password : '', salt, against));
  const isEqual = timingSafeEqual(found, Buffer.from(against.hash, 'base64'));
  return isEqual && isPlausible && parsed !== undefined;
}

/** What nobody's password hashes to, for people who have none: so that the time tells nothing about who there is. */
const DUMMY: PasswordHash = {
  ...COST,
  salt: unpadded(randomBytes(SALT_BYTES)),
  hash: unpadded(randomBytes(HASH_BYTES)),
};

/**
 * The hash to check against for somebody who has none. With hashes of several costs, a made-up name costs what some known
 * person's does, always the same for the same name.
 */
export function dummyHashFor(name: string, known: readonly string[]): string {
  const costs = known.flatMap((each) => parsePasswordHash(each) ?? []);
  const sum = Buffer.from(name).reduce((total, byte) => total + byte, 0);
  const { logN, blockSize, parallelism } = costs[sum % Math.max(1, costs.length)] ?? COST;
  return renderPasswordHash({ ...DUMMY, logN, blockSize, parallelism });
}

function derive(
  password: string,
  salt: Buffer,
  cost: Pick<PasswordHash, 'logN' | 'blockSize' | 'parallelism'>,
): Promise<Buffer> {
  const options = {
    N: 2 ** cost.logN,
    r: cost.blockSize,
    p: cost.parallelism,
    // Node refuses 32 MiB by default, and counts a little more than the formula.
    maxmem: 2 * scryptMemoryBytes(cost),
  };
  return new Promise((resolve, reject) => {
    // The same letters may be typed in several ways; NFKC makes them one.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
