import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

export const CLIENT_ID = 'muster';
/** Nobody listens there: the test reads what the browser would be sent to. */
export const REDIRECT_URI = 'http://127.0.0.1:1/login/callback';

/** A key that a provider signs with. */
export async function newKey(kid: string, alg = 'RS256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
}

export interface ProviderProcess {
  readonly issuer: string;
  /** Signs with other keys from now on; the old ones are no longer listed. */
  readonly rotate: (keys: readonly JWK[]) => Promise<void>;
  /** As if its site burned. */
  readonly stop: () => Promise<void>;
}

/** Starts the identity provider as a process. */
export async function startProvider(settings: {
  readonly keys: readonly JWK[];
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly clientSecret?: string;
  /** Where browsers are sent back to. */
  readonly redirectUri?: string;
}): Promise<ProviderProcess> {
  const { keys, redirectUri = REDIRECT_URI, ...rest } = settings;
  const given = JSON.stringify({ ...rest, jwks: { keys }, clientId: CLIENT_ID, redirectUri });
  const main = join(import.meta.dirname, 'provider-main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, given], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line: unknown = (await lines.next()).value;
    if (typeof line !== 'string') throw new Error('The identity provider has ended.');
    return line;
  };
  return {
    issuer: await nextLine(),
    async rotate(others) {
      child.stdin.write(`${JSON.stringify({ keys: others })}\n`);
      await nextLine();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A browser: it keeps cookies, follows redirects, and fills in the provider's forms as somebody. */
export class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #redirectUri: string;

  constructor(redirectUri = REDIRECT_URI) {
    this.#redirectUri = redirectUri;
  }

  /** Signs in as `subject`, and answers the query that the provider sends back. */
  async signIn(url: string, subject: string): Promise<URLSearchParams> {
    let answer = await this.#go(url);
    for (let step = 0; step < 20; step += 1) {
      const location = answer.headers.get('location');
      if (location !== null) {
        const next = new URL(location, answer.url);
        if (next.href.startsWith(this.#redirectUri)) return next.searchParams;
        answer = await this.#go(next.href);
        continue;
      }
      const page = await answer.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (action === undefined || prompt === undefined) {
        throw new Error(`No form to fill in: ${answer.status} ${page}`);
      }
      const fields = { prompt, ...(prompt === 'login' && { login: subject, password: 'any' }) };
      answer = await this.#go(new URL(action, answer.url).href, new URLSearchParams(fields));
    }
    throw new Error('The provider goes round in circles.');
  }

  async #go(url: string, form?: URLSearchParams): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
}
