import { signBytes, verifyBytes, type SignerKey, type VerifierKey } from './keys.ts';

/** Eight bytes of time before the 64 of Ed25519 (C2SP tlog-cosignature). */
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/**
 * What a witness signs: that at this time this text was the newest checkpoint of its ledger it has seen, and that it
 * continues everything it saw before.
 *
 * @param at seconds since 1970
 */
export function cosignature(key: SignerKey, text: string, at: number): Uint8Array {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(at));
  return Buffer.concat([time, signBytes(key, message(text, at))]);
}

/** The time of a cosignature, in seconds since 1970; undefined when it is none of this key over this text. */
export function readCosignature(key: VerifierKey, text: string, signature: Uint8Array): number | undefined {
  if (signature.byteLength !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const bytes = Buffer.from(signature);
  const at = Number(bytes.readBigUInt64BE(0));
  if (!Number.isSafeInteger(at)) return undefined;
  return verifyBytes(key, message(text, at), bytes.subarray(TIME_BYTES)) ? at : undefined;
}

/** The first line keeps it apart from all other texts that may be signed. */
function message(text: string, at: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${at}\n${text}`, 'utf8');
}
