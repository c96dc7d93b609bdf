import { expect, test } from 'vitest';
import { containing, failureOf, fakeVeeam, tokenEndpoint, vbrClient } from './fake-server.ts';
import { RECOVERY_TOKEN, RECOVERY_TOKENS, VBR_LOGIN } from './samples.ts';

const { id, name, expirationDate } = RECOVERY_TOKEN;
const COLLECTION = '/api/v1/agents/recoveryTokens';

test("the vendor's recovery tokens are read as printed", async () => {
  const server = await fakeVeeam(
    ({ method, path }) => {
      if (method === 'DELETE') return { status: 204 };
      return { json: method === 'GET' && path === COLLECTION ? RECOVERY_TOKENS : RECOVERY_TOKEN };
    },
    () => ({ json: VBR_LOGIN }),
  );
  const { recoveryTokens } = vbrClient(server.url);

  expect([
    await recoveryTokens.list({
      skip: 0,
      limit: 10,
      orderColumn: 'Name',
      orderAsc: true,
      nameFilter: 'srv*',
    }),
    await recoveryTokens.create({ backupIds: [id], expirationDate }),
    await recoveryTokens.get(id),
    await recoveryTokens.update({ id, name, expirationDate }),
  ]).toEqual([RECOVERY_TOKENS, RECOVERY_TOKEN, RECOVERY_TOKEN, RECOVERY_TOKEN]);
  await recoveryTokens.remove(id);
  expect(server.seen.slice(1).map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', COLLECTION, ''],
    ['POST', COLLECTION, JSON.stringify({ backupIds: [id], expirationDate })],
    ['GET', `${COLLECTION}/${id}`, ''],
    ['PUT', `${COLLECTION}/${id}`, JSON.stringify({ id, name, expirationDate })],
    ['DELETE', `${COLLECTION}/${id}`, ''],
  ]);
});

test('every request carries x-api-version, login and logout included', async () => {
  const server = await fakeVeeam(() => ({ json: RECOVERY_TOKENS }));
  const vbr = vbrClient(server.url, { apiVersion: '1.2-rev1' });
  await vbr.recoveryTokens.list();
  await vbr.logout();

  expect(server.seen.map(({ path, headers }) => [path, headers['x-api-version']])).toEqual([
    ['/api/oauth2/token', '1.2-rev1'],
    [COLLECTION, '1.2-rev1'],
    ['/api/oauth2/logout', '1.2-rev1'],
  ]);
});

test('after a logout the next call logs in again', async () => {
  const server = await fakeVeeam(({ path }) =>
    path.endsWith('logout') ? { status: 401 } : { json: RECOVERY_TOKENS },
  );
  const vbr = vbrClient(server.url);
  await vbr.recoveryTokens.list();
  await vbr.logout();
  await vbr.logout();
  await vbr.recoveryTokens.list();

  expect(server.seen.map(({ path, form }) => form.get('grant_type') ?? path)).toEqual([
    'password',
    COLLECTION,
    '/api/oauth2/logout',
    'password',
    COLLECTION,
  ]);
});

test('a created token with an unreadable answer has an unclear effect', async () => {
  const server = await fakeVeeam(() => ({ json: { id } }));

  expect(
    await failureOf(vbrClient(server.url).recoveryTokens.create({ backupIds: [id], expirationDate })),
  ).toMatchObject({
    code: 'veeam.contract',
    effect: 'unclear',
    message: containing('expirationDate'),
  });
  expect(server.to('recoveryTokens')).toHaveLength(1);
});

test('the fence guards changes of recovery tokens', async () => {
  const server = await fakeVeeam(() => ({ json: RECOVERY_TOKEN }));
  const { recoveryTokens } = vbrClient(server.url);
  const refusal = new Error('frozen');
  const beforeSend = () => Promise.reject(refusal);

  const errors = [
    await failureOf(recoveryTokens.create({ backupIds: [id], expirationDate }, { beforeSend })),
    await failureOf(recoveryTokens.update({ id, name, expirationDate }, { beforeSend })),
    await failureOf(recoveryTokens.remove(id, { beforeSend })),
  ];

  expect(errors).toEqual([refusal, refusal, refusal]);
  expect(server.to('/token')).toHaveLength(1);
  expect(server.seen).toHaveLength(1);
});

test("the vendor's error body is read", async () => {
  const server = await fakeVeeam(
    () => ({ status: 404, json: { errorCode: 'NotFound', message: 'No such token.' } }),
    tokenEndpoint().handler,
  );

  expect(await failureOf(vbrClient(server.url).recoveryTokens.get(id))).toMatchObject({
    code: 'veeam.notFound',
    serverMessage: 'No such token.',
    message: containing('dr-backup: GET /api/v1/agents/recoveryTokens/{id}: '),
  });
});
