import { Agent, request } from 'undici';
import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { Deps } from '../deps.ts';
import { StepError } from '../step-error.ts';

/** A health page answers soon or is not healthy. */
const TIMEOUT_MS = 10_000;
/** Of the body only so much is searched for `contains`. */
const MAX_BODY_BYTES = 256 * 1024;

/** One pool for all checks: connections to a health page are worth keeping between two looks. */
const agent = new Agent({ connectTimeout: 5_000, keepAliveTimeout: 4_000, connections: 50, pipelining: 1 });

/**
 * Asks a URL once. Redirects are never followed: the page a redirect leads to was not named in the runbook.
 *
 * @throws StepError `check.hostNotAllowed`, `check.failed`
 */
export async function httpCheck(
  deps: Deps,
  { url, expectStatus, contains }: InputOf<'http.check'>,
  signal: AbortSignal,
): Promise<OutputOf<'http.check'>> {
  const target = allowedUrl(deps, url);
  const began = deps.monotonic();
  const { status, body } = await ask(target, signal);
  if (status !== expectStatus) {
    throw new StepError('check.failed', `${target.host} answered ${status} instead of ${expectStatus}.`, {
      details: { status },
    });
  }
  if (contains !== undefined && !body.includes(contains)) {
    throw new StepError(
      'check.failed',
      `${target.host} answered ${status}, but its page lacks the expected text.`,
      { details: { status } },
    );
  }
  return { status, ms: Math.round(deps.monotonic() - began) };
}

/** @throws StepError `check.hostNotAllowed`, `step.badInput` */
function allowedUrl(deps: Deps, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new StepError('step.badInput', 'The url of a check begins with http:// or https://.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new StepError('step.badInput', 'The url of a check names no user.');
  }
  const port = Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80);
  if (!deps.mayCheck(parsed.hostname, port)) {
    throw new StepError(
      'check.hostNotAllowed',
      `${parsed.hostname}:${port} is not listed under checks.allow in muster.yaml; nothing was sent.`,
    );
  }
  return parsed;
}

async function ask(url: URL, signal: AbortSignal): Promise<{ status: number; body: string }> {
  try {
    const answer = await request(url, {
      method: 'GET',
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      headers: { 'user-agent': 'muster' },
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > MAX_BODY_BYTES) break;
    }
    return { status: answer.statusCode, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepError('check.failed', `${url.host} does not answer: ${reason}`, { cause: error });
  }
}
