import { createHmac, randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** As authenticator apps have it (RFC 6238): a new code every 30 seconds, six digits, SHA-1. */
const STEP_S = 30;
const DIGITS = 6;
/** Steps before and after the present one whose codes are good: clocks differ. */
const TOLERANCE = 1;

/** A new secret of 160 bits, in Base32. */
export function newSecret(): string {
  return Array.from(randomBytes(32), (byte) => ALPHABET[byte % 32] ?? '').join('');
}

function decodeBase32(text: string): Buffer {
  let bits = '';
  for (const char of text.toUpperCase().replace(/=+$/, '')) {
    bits += ALPHABET.indexOf(char).toString(2).padStart(5, '0');
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

function codeAt(key: Buffer, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', key).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The counter a code belongs to, when it is good at `now` (milliseconds) and newer than the last one used; undefined
 * otherwise. A code is good once.
 */
export function counterOf(
  secret: string,
  code: string,
  { now, lastUsed }: { now: number; lastUsed: number },
): number | undefined {
  const key = decodeBase32(secret);
  const present = Math.floor(now / 1000 / STEP_S);
  for (let counter = present - TOLERANCE; counter <= present + TOLERANCE; counter += 1) {
    if (counter > lastUsed && codeAt(key, counter) === code) return counter;
  }
  return undefined;
}
