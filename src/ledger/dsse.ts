import { z } from 'zod';
import { canonicalJson } from '../model/json.ts';
import { fromBase64, fromJson, fromUtf8, toBase64 } from './bytes.ts';
import { keyLabel, signBytes, verifyBytes, type SignerKey, type VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';

/** What the payload of every envelope of muster is. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** An envelope whose signatures have been checked. */
export interface OpenedEnvelope {
  readonly payload: Uint8Array;
  readonly signed: readonly VerifierKey[];
  /** The `keyid` of signatures of unknown keys. Nobody has checked them. */
  readonly unknown: readonly string[];
}

const MAX_ENVELOPE_BYTES = 64 * 1024 * 1024;
const MAX_SIGNATURES = 100;

const envelopeSchema = z.strictObject({
  payload: z.string(),
  payloadType: z.literal(PAYLOAD_TYPE),
  signatures: z
    .array(z.strictObject({ keyid: z.string().max(512), sig: z.string().max(1024) }))
    .min(1)
    .max(MAX_SIGNATURES),
});

/** The bytes that are signed: they bind the type to the payload, and both with their lengths (PAE of DSSE v1). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.byteLength} `, 'utf8'),
    type,
    Buffer.from(` ${payload.byteLength} `, 'utf8'),
    payload,
  ]);
}

/**
 * Signs a payload and puts it into an envelope: canonical JSON, so that the same payload and keys give the same bytes.
 * The `keyid` is the name and the id of the key, and signatures are sorted by it.
 *
 * @throws LedgerError `ledger.badKey`
 */
export function signEnvelope(payload: Uint8Array, keys: readonly SignerKey[]): string {
  const bytes = preAuthEncoding(PAYLOAD_TYPE, payload);
  const signatures = [...keys].sort(byLabel).map((key) => {
    // A witness key says one thing only, and never signs anything else.
    if (key.kind !== 'ed25519') throw new LedgerError('ledger.badKey', keyLabel(key));
    return { keyid: keyLabel(key), sig: toBase64(signBytes(key, bytes)) };
  });
  return canonicalJson({ payload: toBase64(payload), payloadType: PAYLOAD_TYPE, signatures });
}

/**
 * Opens an envelope: at least one known key has signed it, and all known keys rightly. Only the exact text that
 * {@link signEnvelope} writes is taken, so that nothing in it can be changed without notice.
 *
 * @throws LedgerError `ledger.badEnvelope`, `ledger.badSignature`, `ledger.notSigned`
 */
export function openEnvelope(envelope: Uint8Array | string, keys: readonly VerifierKey[]): OpenedEnvelope {
  const { payload, signatures } = parse(envelope);
  const bytes = preAuthEncoding(PAYLOAD_TYPE, payload);
  const signed: VerifierKey[] = [];
  const unknown: string[] = [];
  for (const { keyid, sig } of signatures) {
    const key = keys.find((known) => known.kind === 'ed25519' && keyLabel(known) === keyid);
    if (key === undefined) unknown.push(keyid);
    else if (verifyBytes(key, bytes, sig)) signed.push(key);
    else throw new LedgerError('ledger.badSignature', keyLabel(key));
  }
  if (signed.length === 0) throw new LedgerError('ledger.notSigned', 'envelope');
  return { payload, signed, unknown };
}

function byLabel(a: VerifierKey, b: VerifierKey): number {
  return keyLabel(a) < keyLabel(b) ? -1 : 1;
}

interface Parsed {
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

function parse(envelope: Uint8Array | string): Parsed {
  const text = typeof envelope === 'string' ? envelope : fromUtf8(envelope);
  if (text === undefined || text.length > MAX_ENVELOPE_BYTES) throw bad('It is no UTF-8, or too long.');
  const read = envelopeSchema.safeParse(fromJson(text));
  if (!read.success) throw bad('Its fields are not payload, payloadType and signatures.');
  if (canonicalJson(read.data) !== text) throw bad('It is not written in the one form.');
  const payload = fromBase64(read.data.payload);
  if (payload === undefined) throw bad('The payload is no base64.');
  const signatures = read.data.signatures.map(({ keyid, sig }, at, all) => {
    const before = all[at - 1];
    if (before !== undefined && before.keyid >= keyid) throw bad('Its signatures are not sorted by key.');
    const bytes = fromBase64(sig);
    if (bytes === undefined) throw bad('A signature is no base64.');
    return { keyid, sig: bytes };
  });
  return { payload, signatures };
}

function bad(detail: string): LedgerError {
  return new LedgerError('ledger.badEnvelope', 'envelope', { detail });
}
