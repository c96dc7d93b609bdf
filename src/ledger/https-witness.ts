import { fromDecimal, fromUtf8, toBase64 } from './bytes.ts';
import type { VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import type { Witness, WitnessAnswer, WitnessRequest } from './witness.ts';

/** The part of `fetch` that a witness needs; the one of Node and the one of undici fit. */
export type Send = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: { readonly [name: string]: string };
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; readonly body: AsyncIterable<Uint8Array> | null }>;

export interface HttpsWitnessOptions {
  /** The submission prefix of the witness; `/add-checkpoint` is put behind it. */
  readonly url: string;
  readonly keys: readonly VerifierKey[];
  readonly send: Send;
  /** For the whole answer; default 10 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Room for a hundred signatures; a size has 16 digits. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Without encryption only on this machine. */
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * A witness that is asked over HTTPS (C2SP tlog-witness). Redirects are not followed.
 *
 * @throws LedgerError `witness.badAddress`
 */
export function httpsWitness({ url, keys, send, timeoutMs = TIMEOUT_MS }: HttpsWitnessOptions): Witness {
  const target = targetOf(url);
  const place = `${target.origin}${target.pathname}`;
  return {
    place,
    keys,
    add: async (request) => {
      const { status, text } = await asked(place, async () => {
        const answer = await send(target.href, {
          method: 'POST',
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          body: bodyOf(request),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        return { status: answer.status, text: await textOf(place, answer.body) };
      });
      return answerOf(place, status, text);
    },
  };
}

/** The message does not repeat the address: it may carry a password. */
function targetOf(url: string): URL {
  if (!URL.canParse(url)) throw new LedgerError('witness.badAddress', 'witness');
  const target = new URL(url);
  const encrypted = target.protocol === 'https:';
  const local = target.protocol === 'http:' && LOOPBACK.includes(target.hostname);
  const plain = `${target.username}${target.password}${target.search}${target.hash}` === '';
  if (!plain || !(encrypted || local)) throw new LedgerError('witness.badAddress', target.host);
  target.pathname = `${target.pathname.replace(/\/+$/, '')}/add-checkpoint`;
  return target;
}

function bodyOf({ oldSize, proof, checkpoint }: WitnessRequest): string {
  return [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n');
}

function answerOf(place: string, status: number, text: string): WitnessAnswer {
  if (status === 200) return { kind: 'cosigned', lines: text };
  if (status === 409) {
    const size = fromDecimal(text.replace(/\n$/, ''));
    return { kind: 'conflict', ...(size !== undefined && { size }) };
  }
  if (status === 422) return { kind: 'inconsistent' };
  if (status === 404) return { kind: 'refused', why: 'It does not know the origin of this ledger (404).' };
  if (status === 403) {
    return { kind: 'refused', why: 'It knows none of the keys that signed the checkpoint (403).' };
  }
  if (status >= 500 || status === 429) {
    throw new LedgerError('witness.unreachable', place, { detail: `It answers ${status}.` });
  }
  if (status >= 400) return { kind: 'refused', why: `It answers ${status}.` };
  throw new LedgerError('witness.badAnswer', place, { detail: `It answers ${status}.` });
}

async function textOf(place: string, body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      const detail = `The answer has more than ${MAX_ANSWER_BYTES} bytes.`;
      throw new LedgerError('witness.badAnswer', place, { detail });
    }
    parts.push(part);
  }
  const text = fromUtf8(Buffer.concat(parts));
  if (text === undefined) {
    throw new LedgerError('witness.badAnswer', place, { detail: 'The answer is no UTF-8.' });
  }
  return text;
}

async function asked<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    const detail = late ? 'It did not answer in time.' : undefined;
    throw new LedgerError('witness.unreachable', place, { cause, ...(detail !== undefined && { detail }) });
  }
}
