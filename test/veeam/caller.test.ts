import { expect, test } from 'vitest';
import { z } from 'zod';
import { callerOf } from './caller.ts';
import { failureOf, fakeVeeam } from './fake-server.ts';
import type { Answer } from './fake-server.ts';

const status = ({ status: code }: { status: number }) => code;

/** A server that gives these answers, then good ones. */
const serverWith = (...answers: Answer[]) => fakeVeeam(() => answers.shift() ?? { json: { data: 1 } });

test('a command may be a PATCH with a query', async () => {
  const server = await serverWith();

  await callerOf(server.url).command({
    call: 'PATCH /tasks/{id}/schedule',
    params: { id: 't1' },
    query: { Select: 'a b', none: undefined },
    body: { on: true },
    result: status,
  });

  const { method, path, query, body, headers } = server.seen[1] ?? {};
  expect([method, path, query?.toString(), body]).toEqual([
    'PATCH',
    '/root/tasks/t1/schedule',
    'Select=a+b',
    '{"on":true}',
  ]);
  expect(headers?.['content-type']).toBe('application/json');
});

test('a form is sent form-encoded, without the fields that are undefined', async () => {
  const server = await serverWith();

  await callerOf(server.url).command({
    call: 'POST /api/revoke',
    absolute: true,
    form: { UserSid: 'S-1-5+ä', token: undefined },
    result: status,
  });

  const { path, body, headers } = server.seen[1] ?? {};
  expect([path, body]).toEqual(['/api/revoke', 'UserSid=S-1-5%2B%C3%A4']);
  expect(headers?.['content-type']).toBe('application/x-www-form-urlencoded');
});

test('a command may read its answer by a schema', async () => {
  const server = await serverWith({ json: { id: 5 } }, { json: { id: 'x' } });
  const caller = callerOf(server.url);
  const schema = z.looseObject({ id: z.number() });

  expect(await caller.command({ call: 'POST /x', schema })).toEqual({ id: 5 });
  expect(await failureOf(caller.command({ call: 'POST /x', schema }))).toMatchObject({
    code: 'veeam.contract',
    effect: 'unclear',
  });
});

test('a POST that only reads is repeated and never unclear', async () => {
  const server = await serverWith({ status: 500 });
  const caller = callerOf(server.url);
  const search = { call: 'POST /search', body: {}, result: status } as const;

  expect(await caller.read(search)).toBe(200);
  expect(server.to('/search')).toHaveLength(2);
  server.stop();
  expect(await failureOf(caller.read(search))).toMatchObject({ effect: 'none' });
});

test('what a product wraps around its answers is taken off', async () => {
  const server = await serverWith({ json: { success: true, data: { id: 5 } } });
  const unwrap = (body: unknown) => z.object({ data: z.unknown() }).parse(body).data;

  const caller = callerOf(server.url, { unwrap });

  expect(await caller.read({ call: 'GET /x', schema: z.looseObject({ id: z.number() }) })).toEqual({ id: 5 });
});

test('headers of the product and the client name go with every request', async () => {
  const server = await serverWith();
  const caller = callerOf(server.url, {
    headers: { 'x-api-version': '1.1-rev1' },
    options: { clientName: 'bank-dr/2.0' },
  });
  await caller.read({ call: 'GET /x', result: status });
  await caller.command({ call: 'DELETE /x', result: status });
  await caller.logout('POST /logout');

  expect(
    server.seen.map(({ path, headers }) => [path, headers['x-api-version'], headers['user-agent']]),
  ).toEqual(
    ['/api/token', '/root/x', '/root/x', '/root/logout'].map((path) => [path, '1.1-rev1', 'bank-dr/2.0']),
  );
});

test('a command waits out a login that fails for a moment', async () => {
  let logins = 0;
  const server = await fakeVeeam(
    () => ({}),
    () => {
      logins += 1;
      return logins === 1 ? { status: 500 } : { json: { access_token: 'a', expires_in: 900 } };
    },
  );

  expect(await callerOf(server.url).command({ call: 'POST /x', result: status })).toBe(200);
  expect([logins, server.to('/x').length]).toEqual([2, 1]);
});
