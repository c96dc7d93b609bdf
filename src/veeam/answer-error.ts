import { VeeamError } from './errors.ts';
import type { CallSite, Effect, VeeamErrorCode } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Scrubber } from './scrubber.ts';
import type { HttpAnswer } from './transport.ts';

/** Refusals with a meaning of their own. Other 4xx: veeam.rejected; 5xx: veeam.serverError. */
const BY_STATUS: Readonly<Record<number, VeeamErrorCode>> = {
  401: 'veeam.unauthorized',
  403: 'veeam.forbidden',
  404: 'veeam.notFound',
  408: 'veeam.timeout',
  409: 'veeam.busy',
  423: 'veeam.busy',
  429: 'veeam.throttled',
};

/** 4xx that do not prove that nothing happened: the server may have begun, or another request of ours did. */
const UNCLEAR_REFUSALS = new Set([408, 409, 423, 429]);

/** Fields in which these APIs and the frameworks under them put their words, best first. */
const MESSAGE_FIELDS = ['message', 'Message', 'error_description', 'detail', 'title', 'error', 'errorCode'];

/**
 * How servers refuse an API version with 400: VBR names its header `x-api-version`, Veeam ONE the version. VRO cannot be
 * told apart: it answers 404, as for an unknown id.
 */
const SPEAKS_OF_VERSION = /\bx-api-version\b|\bapi[ -]?version\b|UnsupportedApiVersion/i;

/** The beginning of a refusal says what it is about. */
const MAX_SEARCHED_CHARS = 2_000;

/** Translates an answer that is not 2xx. */
export function answerError(
  answer: HttpAnswer,
  { site, scrubber, capMs }: { site: CallSite; scrubber: Scrubber; capMs: number },
): VeeamError {
  const waitMs = retryAfterMs(
    { retryAfter: answer.header('retry-after'), date: answer.header('date') },
    capMs,
  );
  const body = bodyOf(answer.text);
  scrubber.learnFrom(body);
  const words = wordsOf(body);
  return new VeeamError(codeOf(answer, waitMs), site, {
    status: answer.status,
    effect: effectOf(answer.status),
    retryAfterMs: waitMs,
    serverMessage: words === undefined ? undefined : scrubber.scrub(words),
  });
}

function codeOf({ status, text }: HttpAnswer, waitMs: number | undefined): VeeamErrorCode {
  if (status >= 300 && status < 400) return 'veeam.redirected';
  // 503 with a time to come back is load; without one it is an outage.
  if (status === 503 && waitMs !== undefined) return 'veeam.throttled';
  if (status === 400 && SPEAKS_OF_VERSION.test(text.slice(0, MAX_SEARCHED_CHARS))) return 'veeam.version';
  return BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'veeam.rejected' : 'veeam.serverError');
}

function effectOf(status: number): Effect {
  return status >= 400 && status < 500 && !UNCLEAR_REFUSALS.has(status) ? 'none' : 'unclear';
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page for people (HTML of a proxy): its status says all there is to say.
    return undefined;
  }
}

/** The first of the known fields that holds words, at the top or in an object `error`. */
function wordsOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(body));
  const words = MESSAGE_FIELDS.map((name) => fields.get(name)).find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return words ?? wordsOf(fields.get('error'));
}
