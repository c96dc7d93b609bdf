import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { stackDoor } from '../../src/cli/stack-door.ts';
import { runMuster } from '../cli/run-muster.ts';
import { settingsFor } from '../identity/oidc-door.ts';
import { Browser, newKey, startProvider } from '../identity/provider.ts';
import { appForTest, RUN } from './app.ts';

/** A server on a real port whose people are all at an identity provider, and that provider. */
async function openServer() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callback = `${url}/sign-in/callback`;
  const provider = await startProvider({
    keys: [await newKey('k1')],
    redirectUri: callback,
    people: { 'sub-1': { name: 'Greta Holm', preferred_username: 'greta', groups: ['managers'] } },
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await provider.stop();
  });
  const opened = await appForTest({
    oidc: settingsFor(provider.issuer, { roles: new Map([['managers', [{ role: 'dr-manager' }]]]) }),
    needsProof: ({ via }) => via === 'oidc',
  });
  await opened.app.ready();
  server.on('request', (request, response) => opened.app.routing(request, response));
  return { ...opened, url, callback };
}

/** A person's browser at the server: keeps cookies, follows redirects there, and does nothing by itself. */
function browserAt({ url, callback }: { readonly url: string; readonly callback: string }) {
  const cookies = new Map<string, string>();
  const atProvider = new Browser(callback);
  const go = async (to: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(new URL(to, url), {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form !== undefined && { origin: url }),
      },
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    return location !== null && new URL(location, url).origin === url ? go(location) : answer;
  };
  return {
    go,
    /** Presses the button for the company account, and comes back signed in. */
    async signIn(page: string, subject: string): Promise<string> {
      const [, link = ''] = /href="(\/sign-in\/provider[^"]+)"/.exec(page) ?? [];
      const sent = await go(link.replaceAll('&amp;', '&'));
      const query = await atProvider.signIn(sent.headers.get('location') ?? '', subject);
      return (await go(`/sign-in/callback?${query.toString()}`)).text();
    },
  };
}

/** Opens the address of the command line, signs in at the provider, and says yes. */
async function sayYes(address: string, server: { readonly url: string; readonly callback: string }) {
  const browser = browserAt(server);
  const signInPage = await (await browser.go(address)).text();
  const asks = await browser.signIn(signInPage, 'sub-1');
  const fields = [...asks.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
  const sent = await browser.go('/sign-in/cli', { ...form, answer: 'yes' });
  return fetch(sent.headers.get('location') ?? '');
}

test('somebody of the identity provider signs in, acts, and is led to the page for a vote', async () => {
  const server = await openServer();
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const world = { loginFile: join(folder, 'login.json'), stack: stackDoor };
  const visits: Promise<Response>[] = [];
  const login = await runMuster(['login', server.url, '--browser', '--json'], {
    ...world,
    sleep: async (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    onStderr(text) {
      const [address] = /http:\S+\/sign-in\/cli\S+/.exec(text) ?? [];
      if (address !== undefined) visits.push(sayYes(address, server));
    },
  });
  expect([login.code, await Promise.all(visits.map(async (visit) => (await visit).status))]).toEqual([
    0,
    [200],
  ]);
  expect(JSON.parse(login.stdout)).toMatchObject({ name: 'Greta Holm', url: server.url });
  expect(await readFile(world.loginFile, 'utf8')).toMatch(/"credential": "mss_/);

  const whoami = await runMuster(['whoami', '--json'], world);
  expect(JSON.parse(whoami.stdout)).toMatchObject({ name: 'Greta Holm', via: 'oidc', assurance: 'oidc' });

  const vote = await runMuster(['vote', RUN, 'go', '--approve'], world);
  expect([vote.code, vote.stderr]).toEqual([
    2,
    expect.stringContaining(`hint: Answer on the page of the gate: ${server.url}/runs/${RUN}/gates/go`),
  ]);
  expect(server.control.votes).toEqual([]);
});
