import { expect, test } from 'vitest';
import { containing, failureOf, fakeVeeam, vroClient } from './fake-server.ts';
import type { Answer } from './fake-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

const good: Answer = { json: PLAN_DETAILS };

/** A server that gives these answers to reads, one after the other, and good ones afterwards. */
async function serverWith(...answers: Answer[]) {
  const server = await fakeVeeam(() => answers.shift() ?? good);
  return { url: server.url, reads: () => server.to(PLAN_ID).length };
}

const read = (url: string, options = {}) => vroClient(url, options).runtimeDetails.plan(PLAN_ID);

test.each<[string, Answer]>([
  ['500', { status: 500 }],
  ['503 without Retry-After', { status: 503 }],
  ['429 with 0 seconds', { status: 429, headers: { 'retry-after': '0' } }],
  ['429 with negative seconds', { status: 429, headers: { 'retry-after': '-5' } }],
  [
    '429 with a date in the past',
    { status: 429, headers: { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' } },
  ],
  ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }],
  ['429 without Retry-After', { status: 429 }],
  ['a broken connection', 'drop'],
  ['a torn body', { text: '{"state":', torn: true }],
])('a read is repeated after %s', async (_, answer) => {
  const { url, reads } = await serverWith(answer);

  expect(await read(url)).toMatchObject({ id: PLAN_ID });
  expect(reads()).toBe(2);
});

test('a read gives up after three attempts', async () => {
  const { url, reads } = await serverWith({ status: 500 }, { status: 502 }, { status: 500 });

  expect(await failureOf(read(url))).toMatchObject({
    code: 'veeam.serverError',
    status: 500,
    effect: 'none',
  });
  expect(reads()).toBe(3);
});

test.each([
  [400, 'veeam.rejected'],
  [403, 'veeam.forbidden'],
  [404, 'veeam.notFound'],
  [409, 'veeam.busy'],
  [501, 'veeam.serverError'],
] as const)('a read is not repeated after %i', async (status, code) => {
  const { url, reads } = await serverWith({ status });

  expect(await failureOf(read(url))).toMatchObject({ code, status });
  expect(reads()).toBe(1);
});

test('Retry-After in seconds is obeyed', async () => {
  const { url } = await serverWith({ status: 503, headers: { 'retry-after': '0.3' } });
  const start = performance.now();

  await read(url);

  expect(performance.now() - start).toBeGreaterThan(290);
});

test('Retry-After as a date is measured with the clock of the server', async () => {
  const headers = { date: 'Mon, 01 Jan 2024 00:00:00 GMT', 'retry-after': 'Mon, 01 Jan 2024 00:00:01 GMT' };
  const { url, reads } = await serverWith({ status: 429, headers });

  const error = await failureOf(read(url, { timeouts: { totalMs: 500 } }));

  expect(error).toMatchObject({ code: 'veeam.throttled', retryAfterMs: 1_000 });
  expect(reads()).toBe(1);
});

test('an absurd Retry-After is capped', async () => {
  const { url } = await serverWith({ status: 429, headers: { 'retry-after': '1000000000' } });

  expect(await read(url, { limits: { retryAfterMs: 60 } })).toMatchObject({ id: PLAN_ID });
});

test('a wait longer than the deadline is reported at once', async () => {
  const { url } = await serverWith({ status: 429, headers: { 'retry-after': '1000000000' } });
  const start = performance.now();

  expect(await failureOf(read(url))).toMatchObject({ code: 'veeam.throttled', retryAfterMs: 60_000 });
  expect(performance.now() - start).toBeLessThan(2_000);
});

test('HTML instead of JSON breaks the contract', async () => {
  const { url, reads } = await serverWith({
    text: '<html>Login</html>',
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });

  expect(await failureOf(read(url))).toMatchObject({
    code: 'veeam.contract',
    message: containing('not whole JSON (text/html)'),
  });
  expect(reads()).toBe(1);
});

test.each([
  ['cut JSON', '{"state": "Restore'],
  ['an empty body', ''],
  ['null', 'null'],
])('%s breaks the contract', async (_, text) => {
  const { url } = await serverWith({ text });

  expect(await failureOf(read(url))).toMatchObject({ code: 'veeam.contract' });
});

test('a missing field is named with its path', async () => {
  const { url } = await serverWith({ json: { ...PLAN_DETAILS, isStableState: undefined } });

  expect(await failureOf(read(url))).toMatchObject({
    code: 'veeam.contract',
    message: containing('isStableState'),
  });
});

test('unknown fields and values are kept', async () => {
  const { url } = await serverWith({ json: { ...PLAN_DETAILS, planType: 'Quantum', news: [1] } });

  expect(await read(url)).toMatchObject({ planType: 'Quantum', news: [1] });
});

test('a body above the limit is refused while reading', async () => {
  const { url, reads } = await serverWith({ text: ' '.repeat(200_000) });

  expect(await failureOf(read(url, { limits: { bodyBytes: 10_000 } }))).toMatchObject({
    code: 'veeam.tooLarge',
  });
  expect(reads()).toBe(1);
});

test('a redirect is not followed', async () => {
  const { url, reads } = await serverWith({ status: 302, headers: { location: '/elsewhere' } });

  expect(await failureOf(read(url))).toMatchObject({ code: 'veeam.redirected', status: 302 });
  expect(reads()).toBe(1);
});

test('a silent server is a timeout', async () => {
  const { url } = await serverWith('hang');

  expect(await failureOf(read(url, { timeouts: { totalMs: 150 } }))).toMatchObject({ code: 'veeam.timeout' });
});

test('headers that do not come in time are a timeout, and the read is repeated', async () => {
  const { url, reads } = await serverWith('hang');

  expect(await read(url, { timeouts: { headersMs: 100 } })).toMatchObject({ id: PLAN_ID });
  expect(reads()).toBe(2);
});

test('an abort in mid-request ends it quickly', async () => {
  const { url, reads } = await serverWith('hang');
  const controller = new AbortController();
  const failure = failureOf(vroClient(url).runtimeDetails.plan(PLAN_ID, { signal: controller.signal }));
  await expect.poll(reads).toBe(1);
  const start = performance.now();

  controller.abort();

  expect(await failure).toMatchObject({ code: 'veeam.cancelled' });
  expect(performance.now() - start).toBeLessThan(200);
});

test('an abort in a pause ends it quickly', async () => {
  const { url, reads } = await serverWith({ status: 429, headers: { 'retry-after': '20' } });
  const controller = new AbortController();
  const failure = failureOf(vroClient(url).runtimeDetails.plan(PLAN_ID, { signal: controller.signal }));
  await expect.poll(reads).toBe(1);

  controller.abort();

  expect(await failure).toMatchObject({ code: 'veeam.cancelled' });
});

test('an aborted signal sends nothing', async () => {
  const { url, reads } = await serverWith();

  expect(await failureOf(vroClient(url).plan(PLAN_ID, { signal: AbortSignal.abort() }))).toMatchObject({
    code: 'veeam.cancelled',
  });
  expect(reads()).toBe(0);
});

test('a closed client refuses calls', async () => {
  const { url } = await serverWith();
  const vro = vroClient(url);
  await vro.close();

  expect(await failureOf(vro.plan(PLAN_ID))).toMatchObject({ code: 'veeam.cancelled' });
});
