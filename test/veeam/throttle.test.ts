import { expect, test } from 'vitest';
import { failureOf, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import type { Answer } from './fake-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

const good: Answer = { json: PLAN_DETAILS };

/** Timers may fire a moment early. */
const TOLERANCE_MS = 5;

/** A client that was just told to be silent: by a command, which is not repeated, so that the answer is surely in. */
async function silenced(answer: Exclude<Answer, string>, options = {}) {
  let askedAt = 0;
  const server = await fakeVeeam(({ path }) => {
    if (!path.endsWith('/Halt')) return good;
    askedAt = performance.now();
    return answer;
  });
  const vro = vroClient(server.url, options);
  const error = await failureOf(vro.halt(PLAN_ID, { fullStop: false }));
  return {
    vro,
    error,
    /** What was requested since, as milliseconds after the answer. */
    after: () => server.seen.map(({ at }) => at - askedAt).filter((ms) => ms > 0),
  };
}

test('nothing is requested while the server asks for silence', async () => {
  const { vro, after } = await silenced({ status: 429, headers: { 'retry-after': '0.5' } });
  const reads = Array.from({ length: 50 }, () => vro.runtimeDetails.plan(PLAN_ID));

  await Promise.all([...reads, vro.undo(PLAN_ID)]);

  expect(after()).toHaveLength(51);
  expect(Math.min(...after())).toBeGreaterThan(500 - TOLERANCE_MS);
});

test('calls without the time to wait fail at once, and say how long', async () => {
  const { vro, after } = await silenced(
    { status: 503, headers: { 'retry-after': '3600' } },
    { timeouts: { totalMs: 5_000 } },
  );

  const errors = await Promise.all([
    failureOf(vro.runtimeDetails.plan(PLAN_ID)),
    failureOf(vro.undo(PLAN_ID)),
  ]);

  // An hour is capped to the minute of limits.retryAfterMs.
  for (const error of errors) {
    expect(error).toMatchObject({ code: 'veeam.throttled', effect: 'none' });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  }
  expect(after()).toEqual([]);
});

test.each<[string, Exclude<Answer, string>, string]>([
  ['503 without Retry-After', { status: 503 }, 'veeam.serverError'],
  ['503 with nonsense', { status: 503, headers: { 'retry-after': 'soon' } }, 'veeam.serverError'],
  ['503 with negative seconds', { status: 503, headers: { 'retry-after': '-60' } }, 'veeam.serverError'],
  ['429 without Retry-After', { status: 429 }, 'veeam.throttled'],
  ['500 with Retry-After', { status: 500, headers: { 'retry-after': '60' } }, 'veeam.serverError'],
])('%s asks nobody else to wait', async (_, answer, code) => {
  const { vro, error, after } = await silenced(answer);

  expect(error).toMatchObject({ code });
  await vro.runtimeDetails.plan(PLAN_ID);
  expect(after()).toHaveLength(1);
});

test('a date is obeyed, an absurd one up to the limit', async () => {
  const date = 'Mon, 01 Jan 2024 00:00:00 GMT';
  const headers = { date, 'retry-after': 'Fri, 01 Jan 2123 00:00:00 GMT' };
  const { vro, after } = await silenced({ status: 429, headers }, { limits: { retryAfterMs: 200 } });

  await vro.runtimeDetails.plan(PLAN_ID);

  expect(after()[0]).toBeGreaterThan(200 - TOLERANCE_MS);
});

test('a login that is told to wait keeps every call waiting, and is repeated once', async () => {
  const token = tokenEndpoint();
  const logins: number[] = [];
  const server = await fakeVeeam(
    () => good,
    (seen) => {
      logins.push(seen.at);
      return logins.length === 1 ? { status: 429, headers: { 'retry-after': '0.3' } } : token.handler(seen);
    },
  );
  const vro = vroClient(server.url);

  await Promise.all([
    vro.undo(PLAN_ID),
    ...Array.from({ length: 20 }, () => vro.runtimeDetails.plan(PLAN_ID)),
  ]);

  const [first = 0, second = 0] = logins;
  expect(logins).toHaveLength(2);
  expect(second - first).toBeGreaterThan(300 - TOLERANCE_MS);
});

test('silence that begins while the fence is asked holds the command back', async () => {
  const order: string[] = [];
  let reads = 0;
  const server = await fakeVeeam(({ path }) => {
    if (path.endsWith('/Undo')) {
      order.push('sent');
      return good;
    }
    reads += 1;
    return reads === 1 ? { status: 429, headers: { 'retry-after': '0.2' } } : good;
  });
  const vro = vroClient(server.url, { timeouts: { totalMs: 10_000 } });
  let other: Promise<unknown> = Promise.resolve();

  await vro.undo(PLAN_ID, {
    beforeSend: async () => {
      order.push('fence');
      if (order.length > 1) return;
      other = vro.halt(PLAN_ID, { fullStop: false }).catch(() => undefined);
      await other;
    },
  });

  expect(order).toEqual(['fence', 'fence', 'sent']);
});
