import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { SecretError, type SecretCode } from '../../src/store/index.ts';
import { beginningOf } from '../beginning-of.ts';

/** Longer nobody waits for a server next door. */
const CALL_LIMIT_MS = 5_000;
/** A Vault that elects a leader answers again within a second or two. */
const TRIES = 3;
const BETWEEN_TRIES_MS = 250;
const MAX_ANSWER_BYTES = 64 * 1_024;

/** Where in Vault, and as whom. */
export interface VaultPlace {
  /** Scheme, host and port. */
  readonly url: string;
  /** Of a KV version 2. */
  readonly mount: string;
  /** Everything is below it. */
  readonly path: string;
  readonly namespace?: string;
  /** Read anew for each call: tokens of Vault are renewed and replaced. */
  readonly token: () => Promise<string>;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: () => Promise<readonly string[]>;
  /** How long one call may take, in milliseconds. Default 5,000. */
  readonly limitMs?: number;
}

/**
 * What muster does in a Vault: create, and remove. It reads nothing back, so that its token needs no right to read. No error
 * holds what Vault said: it may repeat what it was sent.
 */
export interface VaultClient {
  /** Where a secret of this name is, for people. */
  addressOf(name: string): string;
  /** Whether it could be written to, as far as can be told without writing. @throws SecretError `vault.*`, `secret.unreadable` */
  check(): Promise<void>;
  /** Writes a secret that is not there yet; one that is there stays as it is. @throws SecretError `vault.*` */
  create(name: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** Removes all versions of a secret, and that there was one; none is fine. @throws SecretError `vault.*` */
  remove(name: string): Promise<void>;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Statuses that are answers, beside 2xx. */
  readonly also?: readonly number[];
  /** Asked without a token. Default false. */
  readonly open?: boolean;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const errors = z.object({ errors: z.array(z.string()) });

/** HashiCorp Vault, KV version 2. */
export function createVaultClient(place: VaultPlace): VaultClient {
  const { url, mount, path, limitMs = CALL_LIMIT_MS } = place;
  const addressOf = (name: string): string => `${mount}/${path}/${encodeURIComponent(name)}`;
  const under = (kind: 'data' | 'metadata', name: string): string =>
    `/v1/${mount}/${kind}/${path}/${encodeURIComponent(name)}`;
  const fail = (code: SecretCode, what: string, cause?: unknown): SecretError =>
    new SecretError(code, `${url} (${what})`, { cause });

  const once = async ({ method, path: to, body, open = false }: Omit<Call, 'also'>): Promise<Answer> => {
    const token = open ? undefined : await place.token();
    const ca = await place.ca?.();
    const agent = new Agent({
      connect: { timeout: limitMs, ...(ca === undefined ? {} : { ca: [...ca] }) },
    });
    try {
      const answer = await request(new URL(to, url), {
        method,
        dispatcher: agent,
        headers: {
          'x-vault-request': 'true',
          ...(token !== undefined && { 'x-vault-token': token }),
          // How Vault itself is, only its root namespace says.
          ...(place.namespace !== undefined && !open && { 'x-vault-namespace': place.namespace }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headersTimeout: limitMs,
        bodyTimeout: limitMs,
        signal: AbortSignal.timeout(limitMs),
      });
      return { status: answer.statusCode, text: await beginningOf(answer.body, MAX_ANSWER_BYTES) };
    } finally {
      await agent.destroy();
    }
  };

  const call = async ({ also = [], ...asked }: Call): Promise<Answer> => {
    for (let tried = 1; ; tried += 1) {
      const answer = await once(asked).catch((error: unknown) => {
        if (error instanceof SecretError) throw error;
        return fail('vault.unreachable', shortName(error));
      });
      if (!(answer instanceof SecretError)) {
        const { status } = answer;
        if ((status >= 200 && status < 300) || also.includes(status)) return answer;
        if (status < 500 && status !== 429) {
          throw fail(status === 403 ? 'vault.forbidden' : 'vault.refused', `it answered ${status}`);
        }
      }
      if (tried < TRIES) {
        await pause(BETWEEN_TRIES_MS * tried);
        continue;
      }
      if (answer instanceof SecretError) throw answer;
      throw fail(
        answer.status === 503 ? 'vault.sealed' : 'vault.unreachable',
        `it answered ${answer.status}`,
      );
    }
  };

  return {
    addressOf,
    async check() {
      // Whether Vault takes it is seen when it is used; that there is one is seen now.
      await place.token();
      // A standby answers 429, and passes requests on.
      await call({ method: 'GET', path: '/v1/sys/health?standbyok=true', also: [429, 472, 473], open: true });
    },
    async create(name, data) {
      const answer = await call({
        method: 'POST',
        path: under('data', name),
        body: { options: { cas: 0 }, data },
        also: [400],
      });
      if (answer.status === 400 && !isThereAlready(answer.text)) {
        throw fail('vault.refused', 'it answered 400');
      }
    },
    async remove(name) {
      await call({ method: 'DELETE', path: under('metadata', name), also: [404] });
    },
  };
}

/** What Vault says when a secret was to be the first of its name, and is not: an answer to an earlier try was lost. */
function isThereAlready(text: string): boolean {
  try {
    const read = errors.safeParse(JSON.parse(text));
    return read.success && read.data.errors.some((error) => error.includes('check-and-set'));
  } catch {
    return false;
  }
}

/** The short name of what went wrong; messages of libraries may hold anything. */
function shortName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : error.name.slice(0, 60);
}
