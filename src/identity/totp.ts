import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { IdentityError } from './identity-error.ts';

/** RFC 6238 as all authenticator apps do it: SHA-1, six digits, 30 seconds. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** A code of the step before or after is taken too: clocks differ, and typing takes time. */
const WINDOW = [-1, 0, 1];
/** RFC 4226 asks for 128 bits. */
const MIN_SECRET_BYTES = 16;
const SECRET_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The time step that a passcode belongs to, or undefined when it belongs to none of now. Whoever accepts it must keep the
 * step and take no code of this step or an earlier one again.
 *
 * @param secret base32; spaces, lower case and padding do not matter
 * @throws IdentityError `identity.badRequest` when the secret is none
 */
export function stepOfPasscode(secret: string, code: string, now: number): number | undefined {
  const key = base32Bytes(secret);
  const typed = Buffer.from(code.replaceAll(' ', ''));
  const current = Math.floor(now / STEP_MS);
  // All are compared, so that the time does not tell which one it was.
  const found = WINDOW.map((offset) => current + offset).filter((step) => {
    const wanted = Buffer.from(passcodeAt(key, step));
    return typed.length === wanted.length && timingSafeEqual(typed, wanted);
  });
  return found[0];
}

/** A new secret for a second factor, and the address that authenticator apps read from a QR code. */
export function newPasscodeSecret(person: string): { readonly secret: string; readonly uri: string } {
  const bits = [...randomBytes(SECRET_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const secret = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)] ?? '').join('');
  const label = encodeURIComponent(`muster:${person}`);
  return { secret, uri: `otpauth://totp/${label}?secret=${secret}&issuer=muster` };
}

function passcodeAt(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(0, step)));
  const mac = createHmac('sha1', key).update(counter).digest();
  // Dynamic truncation (RFC 4226, 5.3): the last four bits say where the number stands.
  const number = mac.readUInt32BE(mac.readUInt8(mac.length - 1) & 0x0f) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

function base32Bytes(secret: string): Buffer {
  const letters = secret.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase().split(/(?!^)/);
  const values = letters.map((letter) => ALPHABET.indexOf(letter));
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2));
  if (values.includes(-1) || bytes.length < MIN_SECRET_BYTES) {
    const message =
      'The secret of a second factor is not base32 (A-Z and 2-7), or has less than 26 letters. Make a new one.';
    throw new IdentityError('identity.badRequest', message);
  }
  return Buffer.from(bytes);
}
