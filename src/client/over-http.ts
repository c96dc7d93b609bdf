import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { without } from '../model/json.ts';
import type { RunResult } from '../model/run.ts';
import { MusterError, MUSTER_ERRORS, type MusterErrorCode } from './errors.ts';
import { isOver, type Muster } from './muster.ts';
import { findingsOver } from './findings-over-http.ts';
import { peopleOver } from './people-over-http.ts';
import { schedulesOver } from './schedules-over-http.ts';

/** Longer than the server waits for a verdict. */
const CALL_LIMIT_MS = 45_000;
const LOOK_EVERY_MS = 1_000;

/** A problem as the server answers it; see src/http/problem.ts. */
const problem = z.looseObject({
  title: z.string(),
  code: z.string(),
  hint: z.string().optional(),
  diagnostics: z.custom<MusterError['diagnostics']>(Array.isArray).optional(),
});

/** What the server said, with a code that is not one of ours: of identity, or of the API itself. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where a server is, and what shows who asks. */
export interface ServerPlace {
  readonly url: string;
  readonly credential: string;
}

/** The operations of muster, done by a server. What it answers is taken as it comes: it is muster, too. */
export function createHttpMuster(place: ServerPlace): Muster {
  const get = <T>(path: string): Promise<T> => callServer<T>(place, { path });
  const post = <T>(path: string, body: object): Promise<T> => callServer<T>(place, { path, body });
  const of = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;

  const muster: Muster = {
    whoami: () => get('/me'),
    validate: (request) => post('/validate', request),
    // How tests make a run continue as new is nothing that a server is asked.
    start: (request) => post('/runs', without(request, ['continueAfter'])),
    rerun: ({ runId, ...request }) => post(`${of(runId)}/rerun`, request),
    list: ({ limit } = {}) => get(limit === undefined ? '/runs' : `/runs?limit=${limit}`),
    show: (runId) => get(of(runId)),
    vote: ({ runId, ...request }) => post(`${of(runId)}/votes`, request),
    spoken: ({ runId, ...request }) => post(`${of(runId)}/spoken-votes`, request),
    breakGlass: ({ runId, ...request }) => post(`${of(runId)}/break-glass`, request),
    cancel: ({ runId, ...request }) => post(`${of(runId)}/cancel`, request),
    pause: ({ runId, ...request }) => post(`${of(runId)}/pause`, request),
    resume: ({ runId, ...request }) => post(`${of(runId)}/resume`, request),
    card: ({ runId, gate }) => get(`${of(runId)}/card?${new URLSearchParams({ gate }).toString()}`),
    inbox: () => get('/inbox'),
    evidence: (runId) => readBytes(place, `${of(runId)}/evidence`),
    ...findingsOver({ get, post, bytes: (path) => readBytes(place, path) }),
    audits: ({ runId } = {}) => get(runId === undefined ? '/audits' : `${of(runId)}/audit`),
    audit: ({ runId }) => post(`${of(runId)}/audit`, {}),
    prune: (request) => post('/ledger/prune', request),
    hold: ({ runId, reason }) => post(`${of(runId)}/hold`, { reason }),
    unhold: async ({ runId }) => {
      await post(`${of(runId)}/unhold`, {});
    },
    holds: () => get('/holds'),
    ledger: () => get('/ledger'),
    ledgerEntries: ({ from, limit }) =>
      get(`/ledger/entries?from=${from}${limit === undefined ? '' : `&limit=${limit}`}`),
    ledgerPrunings: () => get('/ledger/prunings'),
    ledgerCheckpoints: ({ after, limit }) =>
      get(`/ledger/checkpoints?after=${after}${limit === undefined ? '' : `&limit=${limit}`}`),
    rotateLedgerKey: (request) => post('/ledger/rotate', request),
    freezes: () => get('/freezes'),
    freeze: (request) => post('/freezes', request),
    unfreeze: (request) => post('/unfreeze', request),
    refusals: (runId) => get(`${of(runId)}/refusals`),
    ...peopleOver({ get, post }),
    schedules: schedulesOver({ get, post }),
    secrets: {
      list: ({ runId } = {}) =>
        get(runId === undefined ? '/secrets' : `/secrets?${new URLSearchParams({ run: runId }).toString()}`),
      reveal: ({ id }) => post(`/secrets/${encodeURIComponent(id)}/reveal`, {}),
      rewrap: () => post('/secrets/rewrap', {}),
    },
    async result(runId, { signal } = {}): Promise<RunResult> {
      for (;;) {
        const view = await muster.show(runId);
        const { outcome, steps, timeline } = view;
        if (outcome !== undefined) {
          const { achievedRtoMs } = timeline;
          return { outcome, steps: steps.length, ...(achievedRtoMs !== undefined && { achievedRtoMs }) };
        }
        if (isOver(view)) throw new MusterError('run.broken');
        await delay(LOOK_EVERY_MS, undefined, { ...(signal !== undefined && { signal }) });
      }
    },
    close: async () => undefined,
  };
  return muster;
}

/**
 * One call of the API.
 *
 * @throws MusterError, with the code of the server, or `server.unreachable`; ServerError for codes of other layers
 */
export async function callServer<T>(
  { url, credential }: Omit<ServerPlace, 'credential'> & { readonly credential?: string },
  { path, body }: { readonly path: string; readonly body?: object },
): Promise<T> {
  const response = await answerOf(
    { url, ...(credential !== undefined && { credential }) },
    { path, ...(body !== undefined && { body }) },
  );
  const answer = jsonOf(await reached(url, () => response.text()));
  // 202: it is kept, and nobody can say more now.
  if (response.ok && response.status !== 202) return answer as T;
  throw refusalOf(answer, { url, status: response.status });
}

/** A document that the server makes. @throws as callServer */
async function readBytes(place: ServerPlace, path: string): Promise<Uint8Array> {
  const { url } = place;
  const response = await answerOf(place, { path });
  const bytes = new Uint8Array(await reached(url, () => response.arrayBuffer()));
  if (response.ok) return bytes;
  throw refusalOf(jsonOf(new TextDecoder().decode(bytes)), { url, status: response.status });
}

function answerOf(
  { url, credential }: Omit<ServerPlace, 'credential'> & { readonly credential?: string },
  { path, body }: { readonly path: string; readonly body?: object },
): Promise<Response> {
  return reached(url, () =>
    fetch(new URL(`/api/v1${path}`, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    }),
  );
}

function refusalOf(
  answer: unknown,
  { url, status }: { readonly url: string; readonly status: number },
): Error {
  const read = problem.safeParse(answer);
  if (!read.success) {
    return new ServerError('server.strange', `${url} answered ${status}, and not as muster does.`);
  }
  const { code, title, hint, diagnostics = [] } = read.data;
  if (!isMusterCode(code)) return new ServerError(code, title);
  return new MusterError(code, title, { ...(hint !== undefined && { hint }), diagnostics });
}

async function reached<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new MusterError('server.unreachable', `The muster server ${url} cannot be reached.`, {
      hint: 'Check the address and the network. On the machine of the stack, commands also work without the server.',
      cause,
    });
  }
}

function isMusterCode(code: string): code is MusterErrorCode {
  return Object.hasOwn(MUSTER_ERRORS, code);
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
