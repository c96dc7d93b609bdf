import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ONE_OPERATIONS, createOneClient } from '../../src/veeam/index.ts';
import { checkAgainst, operationOf, specOf } from '../support/spec-check.ts';
import { arbitraryOf, sampleOf } from '../support/spec-samples.ts';
import { containing, failureOf, fakeVeeam } from './fake-server.ts';
import type { Handler } from './fake-server.ts';
import { oneClient } from './one-client.ts';
import { ONE_EXERCISES } from './one-exercises.ts';

const SPEC = specOf('one-2.3');
const ROOT = '/api/v2.3';

const exercises = Object.entries(ONE_EXERCISES);
const calls = exercises.filter(([verb]) => verb !== 'login');
const commands = calls.filter(([verb, { sent }]) => !sent.startsWith('GET ') && verb !== 'about.logsTask');

/** Answers what the specification lists for the call: 200, and a body made by `make`. */
function bySpec(make: (schemaName: string) => unknown = (name) => sampleOf(SPEC, name)): Handler {
  return ({ method, path }) => {
    const schema = operationOf(SPEC, method, path)?.answers['200'];
    if (schema === undefined) return { status: 404 };
    return schema === null ? { status: 200 } : { json: make(schema) };
  };
}

/** A page with one item: some calls have no use for an empty one. */
function withItem(answer: unknown, item: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'items' in answer
    ? { ...answer, items: [item] }
    : answer;
}

test.each(exercises)('%s is sent as the vendor names it', async (_, { call, sent, body }) => {
  const server = await fakeVeeam(
    bySpec((name) => withItem(sampleOf(SPEC, name), sampleOf(SPEC, name.replace(/Page$/, '')))),
  );

  await call(oneClient(server.url));

  const arrived = server.seen.find(({ method, path, query }) => {
    const parameters = [...query].map(([name, value]) => `${name}=${value}`).join('&');
    return `${method} ${path}${parameters === '' ? '' : `?${parameters}`}` === sent;
  });
  expect(arrived).toBeDefined();
  if (body !== undefined) expect(JSON.parse(arrived?.body ?? '')).toEqual(body);
});

test.each(exercises)('%s sends what the specification takes', (_, { sent, body }) => {
  const url = new URL(sent.slice(sent.indexOf(' ') + 1), 'http://one');
  const operation = operationOf(SPEC, sent.split(' ')[0] ?? '', url.pathname);

  expect(
    operation?.body === undefined || operation.form === true
      ? []
      : checkAgainst(SPEC, operation.body, body ?? {}),
  ).toEqual([]);
  expect(Object.keys(operation?.query ?? {})).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
});

test('the table has every operation of the specification, and no other', () => {
  const table = Object.values(ONE_OPERATIONS).map(({ method, path }) => {
    return `${method} ${path.startsWith('/api/') ? path : `${ROOT}${path}`}`;
  });

  expect(table.sort()).toEqual(SPEC.operations.map(({ method, path }) => `${method} ${path}`).sort());
});

test.each(calls)('%s reads every answer that the specification allows', async (verb, { call }) => {
  let draw: (schemaName: string) => unknown = () => undefined;
  const server = await fakeVeeam(bySpec((name) => draw(name)));
  const one = oneClient(server.url);

  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      draw = (name) => gen(arbitraryOf, SPEC, name);
      await call(one).catch((error: unknown) => {
        // The only verb that may find nothing in an answer that is in order.
        if (verb !== 'protectedVms.get') throw error;
        expect(error).toMatchObject({ code: 'veeam.notFound' });
      });
    }),
    { numRuns: 10 },
  );
});

test.each(commands)('%s asks the fence, and is not sent when it refuses', async (_, { call }) => {
  const server = await fakeVeeam(bySpec());
  const refusal = new Error('frozen');

  const error = await failureOf(call(oneClient(server.url), { beforeSend: () => Promise.reject(refusal) }));

  expect(error).toBe(refusal);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/token']);
});

test('the API version is part of the path, but not of the token', async () => {
  const server = await fakeVeeam(bySpec());

  await failureOf(oneClient(server.url, { apiVersion: 'v2.2' }).about.server());

  expect(server.seen.map(({ path }) => path)).toEqual(['/api/token', '/api/v2.2/about']);
});

test('an API version that is not known is refused', () => {
  const credentials = { kind: 'password', username: 'u', password: () => 'p' } as const;
  const apiVersion = 'v2.1' as 'v2.2';

  expect(() => createOneClient({ connection: 'hq', url: 'https://one', credentials, apiVersion })).toThrow(
    expect.objectContaining({ code: 'veeam.badInput' }),
  );
});

test.each([
  ['a token', { token: 'eyJ.a.b' }, 'token=eyJ.a.b'],
  ['a user', { userSid: 'S-1-5-21-500' }, 'UserSid=S-1-5-21-500'],
])('%s is revoked by a form', async (_, target, form) => {
  const server = await fakeVeeam(bySpec());

  await oneClient(server.url).revoke(target);

  expect(server.to('/revoke').map(({ body, headers }) => [body, headers['content-type']])).toEqual([
    [form, 'application/x-www-form-urlencoded'],
  ]);
});

test('a logout revokes the own token, and the next call logs in again', async () => {
  const server = await fakeVeeam(bySpec());
  const one = oneClient(server.url);
  await one.about.server();
  await one.logout();
  await one.about.server();

  expect(server.seen.map(({ path, form }) => form.get('token') ?? path)).toEqual([
    '/api/token',
    `${ROOT}/about`,
    'access-1',
    '/api/token',
    `${ROOT}/about`,
  ]);
});

test("the vendor's problem details are read", async () => {
  const problem = { title: 'Forbidden', status: 403, detail: 'The role may only read.' };
  const server = await fakeVeeam(() => ({ status: 403, json: problem }));

  expect(await failureOf(oneClient(server.url).dataCollection.start())).toMatchObject({
    code: 'veeam.forbidden',
    serverMessage: 'The role may only read.',
    message: containing('hq: POST /dataCollection/start: '),
  });
});
