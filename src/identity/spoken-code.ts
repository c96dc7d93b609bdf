import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';

/** Crockford's base32: no letter looks or sounds like another character of it. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const BITS_PER_LETTER = 5;

/** Where what is asked at a gate has the random part of its code. */
export const SPOKEN_SALT = 'spokenSalt';

/** The random part of a gate's code. Nonce and digest of a gate can be read by everybody who may look at its run. */
export function newCodeSalt(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * The code that an approver reads out on the phone, as `7K2M-Q0ZX`: 40 bits of a digest over this very opening of a gate and
 * what a yes allows there. Undefined for a gate from before there were codes.
 */
export function codeOfGate({
  nonce,
  digest,
  asked,
}: {
  readonly nonce: string;
  readonly digest: string;
  readonly asked: JsonObject;
}): string | undefined {
  const salt = asked[SPOKEN_SALT];
  if (typeof salt !== 'string' || salt === '') return undefined;
  const bits = createHash('sha256')
    .update(JSON.stringify(['spoken', nonce, digest, salt]))
    .digest()
    .readBigUInt64BE();
  const letters = Array.from({ length: LENGTH }, (_, index) => {
    const at = 64 - BITS_PER_LETTER * (index + 1);
    return LETTERS[Number((bits >> BigInt(at)) & 31n)] ?? '';
  }).join('');
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/** Whether what was heard is this code, however it was written down. In constant time. */
export function isSameCode(heard: string, code: string): boolean {
  return timingSafeEqual(hashOf(plain(heard)), hashOf(plain(code)));
}

function plain(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
