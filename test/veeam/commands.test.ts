import { expect, test } from 'vitest';
import type { CommandOptions } from '../../src/veeam/index.ts';
import { containing, failureOf, fakeServer, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import type { Answer } from './fake-server.ts';
import { PLAN_ID } from './samples.ts';

/** Sends one failover to a server that answers so; returns what came out and how often the server was asked. */
async function failover(answer: Answer, client = {}, options: CommandOptions = {}) {
  const server = await fakeVeeam(() => answer);
  const error = await failureOf(vroClient(server.url, client).failover(PLAN_ID, {}, options));
  return { error, posts: server.to('/Failover').length };
}

test.each<[string, Answer, string]>([
  ['a broken connection', 'drop', 'veeam.connectionLost'],
  ['a torn answer', { text: '{', torn: true }, 'veeam.connectionLost'],
  ['500', { status: 500 }, 'veeam.serverError'],
  ['503', { status: 503 }, 'veeam.serverError'],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '0' } }, 'veeam.throttled'],
  ['429', { status: 429 }, 'veeam.throttled'],
  ['409', { status: 409 }, 'veeam.busy'],
  ['423', { status: 423 }, 'veeam.busy'],
  ['408', { status: 408 }, 'veeam.timeout'],
  ['a redirect', { status: 302, headers: { location: '/' } }, 'veeam.redirected'],
])('after %s the effect is unclear and nothing is repeated', async (_, answer, code) => {
  const { error, posts } = await failover(answer);

  expect(error).toMatchObject({ code, effect: 'unclear', call: 'POST /Plans/{planId}/Failover' });
  expect(posts).toBe(1);
});

test.each<[number, string]>([
  [400, 'veeam.rejected'],
  [403, 'veeam.forbidden'],
  [404, 'veeam.notFound'],
  [401, 'veeam.unauthorized'],
])('after %i it is certain that nothing happened', async (status, code) => {
  const { error } = await failover({ status });

  expect(error).toMatchObject({ code, effect: 'none' });
});

test('a timeout after sending is unclear', async () => {
  const { error, posts } = await failover('hang', { timeouts: { totalMs: 200 } });

  expect(error).toMatchObject({ code: 'veeam.timeout', effect: 'unclear' });
  expect(posts).toBe(1);
});

test('an abort after sending is unclear', async () => {
  const controller = new AbortController();
  const server = await fakeVeeam(() => {
    controller.abort();
    return 'hang';
  });

  const error = await failureOf(vroClient(server.url).failover(PLAN_ID, {}, { signal: controller.signal }));

  expect(error).toMatchObject({ code: 'veeam.cancelled', effect: 'unclear' });
});

test('a refused connection is certain to have no effect', async () => {
  const vro = vroClient('http://127.0.0.1:1');

  expect(await failureOf(vro.undo(PLAN_ID))).toMatchObject({
    code: 'veeam.unreachable',
    effect: 'none',
    message: containing('ECONNREFUSED'),
  });
});

test('a server that is gone after the login is certain to have no effect', async () => {
  const token = tokenEndpoint();
  const server = await fakeServer((seen) => token.handler(seen));
  const vro = vroClient(server.url);
  const fence = { asked: 0 };
  const failure = vro.undo(PLAN_ID, {
    beforeSend: () => {
      fence.asked += 1;
      throw new Error('stop');
    },
  });
  await failureOf(failure);
  server.stop();

  const error = await failureOf(vro.undo(PLAN_ID, { beforeSend: () => void (fence.asked += 1) }));

  expect(error).toMatchObject({
    code: 'veeam.unreachable',
    call: 'POST /Plans/{planId}/Undo',
    effect: 'none',
  });
  expect(fence.asked).toBe(1);
});

test.each<[string, Answer]>([
  ['no body', { status: 204 }],
  ['text', { text: 'OK' }],
  ['null', { json: null }],
])('a 2xx with %s is an acceptance', async (_, answer) => {
  const server = await fakeVeeam(() => answer);
  const { success } = await vroClient(server.url).enable(PLAN_ID);

  expect(success).toBeUndefined();
});

test.each(['<html>', '\r\n<!DOCTYPE html>'])('a 2xx with a page (%j) leaves it unclear', async (text) => {
  const server = await fakeVeeam(() => ({ text }));

  expect(await failureOf(vroClient(server.url).enable(PLAN_ID))).toMatchObject({
    code: 'veeam.contract',
    effect: 'unclear',
  });
});

test("the vendor's wrapper is read", async () => {
  const server = await fakeVeeam(() => ({ status: 202, json: { success: true, data: null } }));

  expect(await vroClient(server.url).undo(PLAN_ID)).toEqual({ status: 202, success: true });
});

test('nothing is sent when the fence throws, and its error comes out unchanged', async () => {
  const server = await fakeVeeam(() => ({}));
  const refusal = { reason: 'frozen' };
  const beforeSend = () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever is thrown must come out
    throw refusal;
  };

  expect(await failureOf(vroClient(server.url).undo(PLAN_ID, { beforeSend }))).toBe(refusal);
  expect(server.to('/Undo')).toEqual([]);
});

test('the fence is asked after the login and before the request', async () => {
  const order: string[] = [];
  const token = tokenEndpoint();
  const server = await fakeVeeam(
    () => {
      order.push('request');
      return {};
    },
    (seen) => {
      order.push('login');
      return token.handler(seen);
    },
  );

  await vroClient(server.url).undo(PLAN_ID, { beforeSend: async () => void order.push('fence') });

  expect(order).toEqual(['login', 'fence', 'request']);
});

test('the fence is asked again before the repeat after a 401', async () => {
  const order: string[] = [];
  const server = await fakeVeeam(({ headers }) => {
    order.push('request');
    return { status: headers.authorization === 'Bearer access-1' ? 401 : 200 };
  });

  await vroClient(server.url).undo(PLAN_ID, { beforeSend: () => void order.push('fence') });

  expect(order).toEqual(['fence', 'request', 'fence', 'request']);
});

test('a fence that shuts between 401 and repeat leaves one request', async () => {
  const server = await fakeVeeam(() => ({ status: 401 }));
  const refusal = new Error('claim lost');
  let asked = 0;
  const beforeSend = () => {
    asked += 1;
    if (asked === 2) throw refusal;
  };

  expect(await failureOf(vroClient(server.url).undo(PLAN_ID, { beforeSend }))).toBe(refusal);
  expect(server.to('/Undo')).toHaveLength(1);
});

test('a fence that outlasts the deadline sends nothing', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro = vroClient(server.url, { timeouts: { totalMs: 200 } });

  const error = await failureOf(vro.undo(PLAN_ID, { beforeSend: () => new Promise(() => undefined) }));

  expect(error).toMatchObject({ code: 'veeam.timeout', effect: 'none' });
  expect(server.to('/Undo')).toEqual([]);
});

test('a VeeamError of the fence is not taken for one of the call', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro = vroClient(server.url);
  const elsewhere = await failureOf(vroClient('http://127.0.0.1:1').plan(PLAN_ID));
  let asked = 0;
  const beforeSend = () => {
    asked += 1;
    throw elsewhere;
  };

  expect(await failureOf(vro.undo(PLAN_ID, { beforeSend }))).toBe(elsewhere);
  expect(asked).toBe(1);
});

test('every action has its own path and body', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro = vroClient(server.url);
  await vro.enable(PLAN_ID);
  await vro.disable(PLAN_ID);
  await vro.readinessCheck(PLAN_ID, { generateReport: true });
  await vro.failover(PLAN_ID, {
    executeChainedPlans: false,
    restorePointDate: null,
    protectStorageVolumes: false,
  });
  await vro.halt(PLAN_ID, { fullStop: true });
  await vro.continuePlan(PLAN_ID, { executionContinueOptions: 'RetryFailedStep' });
  await vro.undo(PLAN_ID);
  await vro.failbackToProduction(PLAN_ID, { restoreLocationId: PLAN_ID, failbackRestoreVMTags: true });
  await vro.commitFailback(PLAN_ID);
  await vro.resetState(PLAN_ID, { executeReadinessCheck: false });

  const prefix = `/api/v7.21/Plans/${PLAN_ID}/`;
  expect(
    server.seen
      .slice(1)
      .map(({ method, path, body }) => `${method} ${path.replace(prefix, '')} ${body}`.trim()),
  ).toEqual([
    'POST Enable',
    'POST Disable',
    'POST ReadinessCheck {"generateReport":true}',
    'POST Failover {"executeChainedPlans":false,"restorePointDate":null,"protectStorageVolumes":false}',
    'POST Halt {"fullStop":true}',
    'POST Continue {"executionContinueOptions":"RetryFailedStep"}',
    'POST Undo',
    `POST FailbackToProduction {"restoreLocationId":"${PLAN_ID}","failbackRestoreVMTags":true}`,
    'POST CommitFailback',
    'POST ResetState {"executeReadinessCheck":false}',
  ]);
});
