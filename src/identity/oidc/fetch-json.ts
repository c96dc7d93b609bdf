import { IdentityError } from '../identity-error.ts';
import { PROVIDER_LIMIT_MS } from './settings.ts';

/** More is no list of keys. */
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Reads JSON from the provider, within bounds and without following redirects.
 *
 * @throws IdentityError `identity.providerUnavailable`
 */
export async function fetchJson(address: string): Promise<unknown> {
  const { host } = new URL(address);
  try {
    const answer = await fetch(address, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(PROVIDER_LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return JSON.parse(await boundedText(answer)) as unknown;
  } catch (cause) {
    throw new IdentityError(
      'identity.providerUnavailable',
      `The identity provider at ${host} does not answer as it should. Check that it runs and can be reached from here.`,
      { cause },
    );
  }
}

async function boundedText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += (part as Uint8Array).length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too large');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}
