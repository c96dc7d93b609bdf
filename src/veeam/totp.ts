import { createHmac } from 'node:crypto';

/** Time steps of authenticator apps (RFC 6238), in milliseconds. */
export const TOTP_STEP_MS = 30_000;

const DIGITS = 6;

/** RFC 4648: letters and the digits that look like none of them. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Shortest secret that is taken, in bytes: RFC 4226 asks for 16, some servers hand out 10. */
const MIN_SECRET_BYTES = 10;

/** The secret is not base32, or too short. Never shows the secret. */
export class TotpSecretError extends Error {
  override readonly name = 'TotpSecretError';
}

/** The number of the time step at this moment (milliseconds since 1970). */
export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / TOTP_STEP_MS);
}

/**
 * The six-digit passcode of a time step (RFC 6238 with SHA-1, as all authenticator apps do it).
 * `secret` is base32 as servers show it: spaces, lower case and padding do not matter. Throws {@link TotpSecretError}.
 */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', base32Bytes(secret)).update(counter).digest();
  // Dynamic truncation (RFC 4226, 5.3): the last four bits say where the number stands.
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

function base32Bytes(secret: string): Buffer {
  const letters = secret.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of letters) {
    const five = ALPHABET.indexOf(letter);
    if (five < 0) throw new TotpSecretError('the secret of the second factor is not base32 (A-Z and 2-7)');
    value = ((value << 5) | five) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new TotpSecretError('the secret of the second factor is too short: it is not whole');
  }
  return Buffer.from(bytes);
}
