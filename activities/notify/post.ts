import { Agent, request } from 'undici';
import { beginningOf } from '../beginning-of.ts';
import { StepError } from '../step-error.ts';
import { CHANNEL_TIMEOUT_MS, type Channel, type Sending } from './channel.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Of an answer only so much is read; what it says matters little. */
const MAX_ANSWER_BYTES = 4 * 1_024;
/** Longer than this nobody is asked to wait in earnest. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** An answer for which another try may do better: slow, too early, too many, and all failures of the server. */
const PASSING = new Set([408, 425, 429]);

/**
 * Sends one POST to a channel. Redirects are not followed: the address is a secret of the channel, and no other server's
 * business. No error holds the address, or what the server said.
 *
 * @returns the beginning of the answer
 * @throws StepError `notify.badChannel`, `notify.refused`, `notify.notReached`
 */
export async function post(
  channel: Pick<Channel, 'name' | 'ca'>,
  { url, headers, body }: { url: string; headers: Readonly<Record<string, string>>; body: string },
  { signal, timeoutMs = CHANNEL_TIMEOUT_MS }: Sending,
): Promise<string> {
  const target = webAddress(channel.name, url);
  const ca = await channel.ca?.();
  const agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(ca === undefined ? {} : { ca: [...ca] }) },
  });
  try {
    const answer = await request(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'muster', ...headers },
      body,
      dispatcher: agent,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const { statusCode: status } = answer;
    const isTaken = status >= 200 && status < 300;
    // The status stands, whatever becomes of the rest.
    const text = await beginningOf(answer.body, MAX_ANSWER_BYTES).catch(() => '');
    if (isTaken) return text;
    throw refusal(channel.name, status, answer.headers['retry-after']);
  } catch (error) {
    if (error instanceof StepError || signal.aborted) throw error;
    throw unreached(channel.name, error);
  } finally {
    await agent.destroy();
  }
}

/** @throws StepError `notify.badChannel`; it does not quote the address */
function webAddress(name: string, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isThisMachine(parsed.hostname));
  if (parsed !== undefined && isSafe && parsed.username === '' && parsed.password === '') return parsed;
  throw new StepError(
    'notify.badChannel',
    `The address of the channel ${name} is no https:// address (http:// only on this machine itself; no user). Correct it in muster.yaml, or where muster.yaml says that it is.`,
  );
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function refusal(name: string, status: number, retryAfter: string | string[] | undefined): StepError {
  if (PASSING.has(status) || status >= 500) {
    const message = `The channel ${name} answered ${status}.`;
    return new StepError('notify.notReached', message, {
      passing: true,
      details: { status },
      retryAfterMs: waitOf([retryAfter].flat()[0]),
    });
  }
  const message =
    status >= 300 && status < 400
      ? `The channel ${name} answered ${status}, a redirect, which is never followed. Correct its address.`
      : `The channel ${name} refuses the message: it answered ${status}. Look at its address, and whether it still exists.`;
  return new StepError('notify.refused', message, { passing: false, details: { status } });
}

/** What `Retry-After` asks for, in milliseconds: seconds, or a date. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

function unreached(name: string, error: unknown): StepError {
  const code = errorCode(error);
  if (isDistrust(code)) {
    const message = `The channel ${name} is not trusted: its certificate was refused (${code}). Name its authority with \`ca\` in muster.yaml, or correct its address.`;
    return new StepError('notify.refused', message, { passing: false });
  }
  return new StepError('notify.notReached', `The channel ${name} cannot be reached (${code}).`, {
    passing: true,
  });
}

/** The short name of what went wrong; messages of libraries may hold anything. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return error.name.replaceAll(/[^A-Za-z]/g, '').slice(0, 60) || 'unknown';
}

/** Whether Node's TLS did not trust the other side. */
export function isDistrust(code: string): boolean {
  return /^(?:CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);
}
