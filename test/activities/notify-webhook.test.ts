import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SIGNATURE_HEADER } from '../../activities/notify/webhook.ts';
import { SECRET_MARK } from '../../src/simulator/index.ts';
import { channelServer, type Answer, type Post } from '../support/channel-server.ts';
import { CA, OTHER_CA, serverTls } from '../veeam/fixtures.ts';
import { failureOf, NOW, SECRET, SECRET_PATH, send, webhook } from './notify-support.ts';

/** As docs/notifications.md tells whoever takes a message. */
function isGenuine({ headers, body }: Post, { secret = SECRET, now = NOW } = {}): boolean {
  const [, time = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers[SIGNATURE_HEADER])) ?? [];
  if (Math.abs(now / 1_000 - Number(time)) > 300) return false;
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(mac, 'hex'));
}

async function sent(...answers: Answer[]) {
  const server = await channelServer();
  server.answer(...answers);
  return { server, failure: await failureOf(send(webhook(server.url))) };
}

describe('a webhook', () => {
  it('is told what happened, and where to look', async () => {
    const server = await channelServer();
    await send(webhook(server.url), { gate: 'go' });
    expect(server.posts[0]?.path).toBe(`/${SECRET_PATH}`);
    expect(JSON.parse(server.posts[0]?.body ?? '')).toEqual({
      version: 1,
      id: 'a1b2c3',
      event: 'notify',
      time: '2026-03-01T03:00:00.000Z',
      title: 'ERP: it is done',
      text: 'All machines run at the recovery site.',
      link: 'https://muster.example/runs/canary-1',
      run: { id: 'canary-1', runbook: 'canary', mode: 'drill', purpose: 'exercise' },
      gate: 'go',
    });
  });

  it('can tell that a message is from us', async () => {
    const server = await channelServer();
    await send(webhook(server.url), { text: 'Zürich: “ok” 👍' });
    const [post] = await server.received(1);
    expect(post && isGenuine(post)).toBe(true);
  });

  it.each<[string, (post: Post) => boolean]>([
    ['with another body', (post) => isGenuine({ ...post, body: post.body.replace('done', 'over') })],
    ['with another key', (post) => isGenuine(post, { secret: 'another' })],
    ['that is old', (post) => isGenuine(post, { now: NOW + 301_000 })],
    [
      'with another time',
      (post) => {
        const signature = String(post.headers[SIGNATURE_HEADER]).replace(/t=\d+/, 't=1772334001');
        return isGenuine({ ...post, headers: { [SIGNATURE_HEADER]: signature } });
      },
    ],
  ])('refuses a message %s', async (_what, check) => {
    const server = await channelServer();
    await send(webhook(server.url));
    const [post] = await server.received(1);
    expect(post && check(post)).toBe(false);
  });
});

describe('a channel that fails', () => {
  it.each<[string, Answer, boolean, number | undefined]>([
    ['with an error of its own', { status: 500 }, true, undefined],
    ['as overloaded', { status: 503, headers: { 'retry-after': '7' } }, true, 7_000],
    ['as asked too often', { status: 429, headers: { 'retry-after': '120' } }, true, 120_000],
    ['with a wish of no sense', { status: 429, headers: { 'retry-after': 'soon' } }, true, undefined],
    ['with a wish for ever', { status: 429, headers: { 'retry-after': '999999999' } }, true, 3_600_000],
    ['by breaking the connection', 'reset', true, undefined],
    ['as gone', { status: 410 }, false, undefined],
    ['as not found', { status: 404 }, false, undefined],
    ['as refused', { status: 403 }, false, undefined],
  ])('%s says whether to try again', async (_what, answer, passing, retryAfterMs) => {
    const { failure } = await sent(answer);
    expect(failure).toMatchObject({ passing, retryAfterMs });
    expect(failure.code).toBe(passing ? 'notify.notReached' : 'notify.refused');
  });

  it('is not followed to another address', async () => {
    const elsewhere = await channelServer();
    const { failure } = await sent({ status: 307, headers: { location: `${elsewhere.url}/else` } });
    expect(failure.message).toContain('redirect');
    expect(elsewhere.posts).toEqual([]);
  });

  it.each<Answer>(['hang', { status: 500, headers: { 'content-length': '9' } }])(
    'is waited for at most its time (%j)',
    async (answer) => {
      const server = await channelServer();
      server.answer(answer);
      const failure = await failureOf(send(webhook(server.url), {}, { timeoutMs: 200 }));
      expect(failure).toMatchObject({ code: 'notify.notReached', passing: true });
    },
  );

  it('takes a message although its answer never ends', async () => {
    const server = await channelServer();
    server.answer('flood');
    expect(await send(webhook(server.url))).toEqual({});
  });

  it('is left at once when the step is', async () => {
    const server = await channelServer();
    server.answer('hang');
    const leaving = new AbortController();
    const sending = send(webhook(server.url), {}, { signal: leaving.signal });
    await server.received(1);
    leaving.abort();
    await expect(sending).rejects.toThrow();
  });

  it('is not there at all', async () => {
    const failure = await failureOf(send(webhook('http://127.0.0.1:9')));
    expect(failure).toMatchObject({ code: 'notify.notReached', passing: true });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it.each<[string, Answer]>([
    ['that repeats what it was told', { status: 400, text: `${SECRET} ${SECRET_PATH}` }],
    ['that leads back to itself', { status: 302, headers: { location: `/${SECRET_PATH}` } }],
    ['that breaks off', 'reset'],
  ])('%s gives no secret away', async (_what, answer) => {
    const { failure } = await sent(answer);
    const all = JSON.stringify([failure.message, failure.details, failure.stack, String(failure.cause)]);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(SECRET_MARK);
  });
});

describe('the address of a channel', () => {
  it.each([
    'http://ops.example/hook',
    'http://127.evil.example/hook',
    'https://user:pass@ops.example/hook',
    'file:///etc/passwd',
    'no address',
    '',
  ])('%s is refused, and not shown', async (url) => {
    const failure = await failureOf(send(webhook('', { url: async () => url })));
    expect(failure).toMatchObject({ code: 'notify.badChannel', passing: false });
    expect(failure.message).not.toContain(url || 'undefined');
  });

  it('may have a certificate of the company', async () => {
    const server = await channelServer({ tls: serverTls('server') });
    await send(webhook(server.url, { ca: async () => [CA] }));
    expect(server.posts).toHaveLength(1);
  });

  it.each([
    ['of somebody else', 'server', OTHER_CA],
    ['that has expired', 'expired', CA],
    ['for another name', 'wrong-name', CA],
    ['that it made itself', 'self-signed', CA],
  ] as const)('with a certificate %s is told nothing', async (_what, name, ca) => {
    const server = await channelServer({ tls: serverTls(name) });
    const failure = await failureOf(send(webhook(server.url, { ca: async () => [ca] })));
    expect(failure).toMatchObject({ code: 'notify.refused', passing: false });
    expect(server.posts).toEqual([]);
  });
});
