import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { voteDigest } from '../../src/identity/index.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { settingsFor } from '../identity/oidc-door.ts';
import { Browser, newKey, startProvider, type ProviderProcess } from '../identity/provider.ts';
import { appForTest, posted, RUN, type TestApp } from './app.ts';

const PUBLIC_URL = 'http://127.0.0.1:1';
const CALLBACK = `${PUBLIC_URL}/sign-in/callback`;
const GATE = `/runs/${RUN}/gates/go`;

let provider: ProviderProcess;
beforeAll(async () => {
  provider = await startProvider({
    keys: [await newKey('k1')],
    redirectUri: CALLBACK,
    people: {
      'sub-1': { name: 'Greta Holm', preferred_username: 'greta', groups: ['managers'] },
      'sub-2': { name: 'Hans Iversen', preferred_username: 'hans', groups: ['managers'] },
    },
  });
});
afterAll(() => provider.stop());

/** A phone: our cookies, and the browser of the provider. */
class Phone {
  readonly #app: TestApp['app'];
  readonly cookies = new Map<string, string>();
  readonly #browser = new Browser(CALLBACK);

  constructor({ app }: Pick<TestApp, 'app'>) {
    this.#app = app;
  }

  async open(url: string, form?: Record<string, string>) {
    const cookie = [...this.cookies]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('; ');
    const answer = await this.#app.inject({
      method: form === undefined ? 'GET' : 'POST',
      url,
      ...(form === undefined ? {} : { payload: posted(form).payload }),
      headers: {
        ...(form === undefined ? {} : posted(form).headers),
        accept: 'text/html',
        host: '127.0.0.1:1',
        origin: PUBLIC_URL,
        cookie,
      },
    });
    for (const { name, value } of answer.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** What the provider sends back, as the address of our callback. */
  async proven(url: string | undefined, subject: string, browser = this.#browser): Promise<string> {
    const query = await browser.signIn(url ?? '', subject);
    return `/sign-in/callback?${query.toString()}`;
  }

  async signIn(subject: string): Promise<void> {
    const begun = await this.open(`/sign-in/provider?next=${encodeURIComponent(GATE)}`);
    await this.open(await this.proven(begun.headers.location, subject));
  }

  /** Presses yes, and answers where the provider asks. */
  async sayYes(): Promise<string | undefined> {
    return (await this.open(GATE, { offer: 'approve', seen: 'nonce-1', comment: '' })).headers.location;
  }
}

const open = () =>
  appForTest({
    publicUrl: PUBLIC_URL,
    oidc: settingsFor(provider.issuer, { roles: new Map([['managers', [{ role: 'dr-manager' }]]]) }),
    needsProof: ({ via }) => via === 'oidc',
  });

async function signedIn(subject = 'sub-1') {
  const server = await open();
  const phone = new Phone(server);
  await phone.signIn(subject);
  return { server, phone };
}

function claimsOf(jws: string | undefined): VoteClaims {
  return JSON.parse(Buffer.from(jws?.split('.')[1] ?? '', 'base64url').toString()) as VoteClaims;
}

describe('somebody of the identity provider', () => {
  test('is led there and back to the page that was asked for', async () => {
    const phone = new Phone(await open());
    const begun = await phone.open(`/sign-in/provider?next=${encodeURIComponent(GATE)}`);
    const back = await phone.open(await phone.proven(begun.headers.location, 'sub-1'));
    expect([back.statusCode, back.headers.location]).toEqual([303, GATE]);
    expect((await phone.open('/')).body).toContain('Greta Holm');
  });

  test('signs in only in the browser where it was begun', async () => {
    const server = await open();
    const [one, other] = [new Phone(server), new Phone(server)];
    const begun = await one.open('/sign-in/provider?next=/');
    const back = await other.open(await one.proven(begun.headers.location, 'sub-1'));
    expect([back.statusCode, other.cookies.has('muster_session')]).toEqual([400, false]);
  });

  test('is told to use the page when a program votes', async () => {
    const { server, phone } = await signedIn();
    const { statusCode, body } = await server.app.inject({
      method: 'POST',
      url: `/api/v1/runs/${RUN}/votes`,
      headers: { authorization: `Bearer ${phone.cookies.get('muster_session') ?? ''}`, host: '127.0.0.1:1' },
      payload: { gate: 'go', decision: 'approve' },
    });
    expect(statusCode).toBe(403);
    expect(JSON.parse(body)).toMatchObject({
      code: 'vote.needsPage',
      hint: `Answer on the page of the gate: ${PUBLIC_URL}${GATE}`,
    });
  });
});

describe('a vote that the provider proves', () => {
  test('is cast with the ID token over what it says', async () => {
    const { server, phone } = await signedIn();
    const asked = await phone.sayYes();
    expect(server.control.votes).toEqual([]);
    const back = await phone.open(await phone.proven(asked, 'sub-1'));
    expect([back.statusCode, back.headers.location]).toEqual([303, `/runs/${RUN}`]);
    const claims = claimsOf(server.control.votes[0]);
    const kept = await server.stores.votes.find(claims.id);
    const nonce = voteDigest(claims);
    const proven = await server.identity.oidc().verifyIdToken(kept?.proof ?? '', { nonce, now: Date.now() });
    expect(proven.person).toBe(claims.person);
  });

  test('is cast once, however often the browser comes back', async () => {
    const { server, phone } = await signedIn();
    const url = await phone.proven(await phone.sayYes(), 'sub-1');
    const login = phone.cookies.get('muster_login') ?? '';
    await phone.open(url);
    phone.cookies.set('muster_login', login);
    expect((await phone.open(url)).statusCode).toBe(400);
    expect(server.control.votes).toHaveLength(1);
  });

  test('is none when somebody else signs in at the provider', async () => {
    const { server, phone } = await signedIn();
    const back = await phone.open(await phone.proven(await phone.sayYes(), 'sub-2', new Browser(CALLBACK)));
    expect([back.statusCode, server.control.votes]).toEqual([403, []]);
  });

  test('is none in a browser that has not made it', async () => {
    const { server, phone } = await signedIn();
    const url = await phone.proven(await phone.sayYes(), 'sub-1');
    const other = new Phone(server);
    await other.signIn('sub-2');
    expect([(await other.open(url)).statusCode, server.control.votes]).toEqual([400, []]);
  });

  test('is none of somebody who has signed out meanwhile', async () => {
    const { server, phone } = await signedIn();
    const url = await phone.proven(await phone.sayYes(), 'sub-1');
    await phone.open('/sign-out', {});
    expect([(await phone.open(url)).statusCode >= 300, server.control.votes]).toEqual([true, []]);
  });

  test('is none of somebody who was revoked meanwhile', async () => {
    const { server, phone } = await signedIn();
    const url = await phone.proven(await phone.sayYes(), 'sub-1');
    const admin = await server.identity.actorOf(await server.login('admin'));
    const people = await server.identity.people();
    const greta = people.find(({ name }) => name === 'Greta Holm')?.id ?? '';
    await server.identity.revoke(admin, { person: greta, reason: 'a test' });
    await phone.open(url);
    expect(server.control.votes).toEqual([]);
  });

  test('is not even begun for an answer that would not count', async () => {
    const { phone } = await signedIn();
    const answer = await phone.open(GATE, { offer: 'reject', seen: 'nonce-1', comment: '' });
    expect(answer.statusCode).toBe(422);
  });
});
