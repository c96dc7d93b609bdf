import { expect, test } from 'vitest';
import { containing, failureOf, fakeVeeam, vroClient } from './fake-server.ts';
import type { Answer } from './fake-server.ts';
import { PLAN_ID } from './samples.ts';

const CLIENT_ID = '4a346f40-d4b6-4ed8-913d-d6e1297a75a4';

test.each<[string, Answer, object]>([
  ['the id', { json: { success: true, data: CLIENT_ID } }, { status: 200, success: true, planId: CLIENT_ID }],
  [
    'the new plan',
    { json: { success: true, data: { id: CLIENT_ID, name: 'copy' } } },
    { status: 200, success: true, planId: CLIENT_ID },
  ],
  [
    'nothing of use',
    { json: { success: true, data: null } },
    { status: 200, success: true, planId: undefined },
  ],
  ['no body', { status: 204 }, { status: 204, planId: undefined }],
])('a clone that answers with %s', async (_, answer, expected) => {
  const server = await fakeVeeam(() => answer);

  expect(await vroClient(server.url).clone(PLAN_ID, { name: 'copy' })).toEqual(expected);
});

test('a restore sends the scan options that are given, and no others', async () => {
  const server = await fakeVeeam(() => ({}));
  const options = { restorepointDate: null, virusScan: false, yaraScan: undefined };

  // @ts-expect-error -- undefined comes from callers that are not checked this strictly
  await vroClient(server.url).restore(PLAN_ID, options);

  expect(JSON.parse(server.to('/Restore')[0]?.body ?? '')).toEqual({
    restorepointDate: null,
    virusScan: false,
  });
});

test('a command asks the fence first', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro = vroClient(server.url);
  const beforeSend = () => {
    throw new Error('frozen');
  };

  const refused = await Promise.allSettled([
    vro.clone(PLAN_ID, {}, { beforeSend }),
    vro.schedule.delete(PLAN_ID, { beforeSend }),
    vro.clients.delete(CLIENT_ID, { beforeSend }),
    vro.switchoverToProduction(PLAN_ID, { beforeSend }),
  ]);

  expect(refused.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  expect(server.seen.map(({ path }) => path).filter((path) => path !== '/api/token')).toEqual([]);
});

test('a new client is handed out with its secret', async () => {
  const json = { client_id: CLIENT_ID, client_secret: 'AQAAANCMnd8BFdER/+s=' };
  const server = await fakeVeeam(() => ({ json }));

  expect(await vroClient(server.url).clients.create()).toEqual({
    clientId: CLIENT_ID,
    clientSecret: 'AQAAANCMnd8BFdER/+s=',
  });
});

test('secrets that calls handed out are hidden in later errors', async () => {
  const secrets = ['AQAAANCMnd8BFdER', 'eyJtZmEiOjF9.x', 'HBIG4FZN5XM7'];
  const server = await fakeVeeam(({ path }) => {
    if (path.endsWith('/Clients')) return { json: { client_id: CLIENT_ID, client_secret: secrets[0] } };
    if (path.endsWith('/GenerateMfaCode')) return { json: { mfaKey: secrets[2] } };
    return { status: 400, json: { message: `bad: ${secrets.join(' ')}` } };
  });
  const vro = vroClient(server.url);
  await vro.clients.create();
  await vro.mfa.generateCode({ mfaToken: 'eyJtZmEiOjF9.x' });

  expect(await failureOf(vro.undo(PLAN_ID))).toMatchObject({
    serverMessage: 'bad: [hidden] [hidden] [hidden]',
  });
});

test('an answer without the secret is veeam.contract with unclear effect', async () => {
  const server = await fakeVeeam(() => ({ json: { client_id: CLIENT_ID } }));

  expect(await failureOf(vroClient(server.url).clients.create())).toMatchObject({
    code: 'veeam.contract',
    effect: 'unclear',
    message: containing('client_secret'),
  });
});

/** A server that knows the license paths in one spelling, and one plan. */
function licenseServer(spelling: string) {
  return fakeVeeam(({ path }) =>
    path.startsWith(`/api/v7.21${spelling}/`) && !path.endsWith('/gone')
      ? { json: { newInstances: 0, managedInstances: 1 } }
      : { status: 404 },
  );
}

test('the other spelling of the license path is found once and kept', async () => {
  const server = await licenseServer('/LicenseUsage');
  const { licenseUsage } = vroClient(server.url);

  expect(await licenseUsage.server()).toEqual({ newInstances: 0, managedInstances: 1 });
  await licenseUsage.plan(PLAN_ID);

  expect(server.seen.slice(1).map(({ path }) => path)).toEqual([
    '/api/v7.21/License/Usage/Server',
    '/api/v7.21/LicenseUsage/Server',
    `/api/v7.21/LicenseUsage/Plans/${PLAN_ID}`,
  ]);
});

test('the configured spelling of the license path is tried first', async () => {
  const server = await licenseServer('/LicenseUsage');

  await vroClient(server.url, { licensePath: '/LicenseUsage' }).licenseUsage.server();

  expect(server.seen.slice(1).map(({ path }) => path)).toEqual(['/api/v7.21/LicenseUsage/Server']);
});

test('a plan without license usage is veeam.notFound in the configured spelling', async () => {
  const server = await licenseServer('/License/Usage');
  const { licenseUsage } = vroClient(server.url);

  expect(await failureOf(licenseUsage.plan('gone'))).toMatchObject({
    code: 'veeam.notFound',
    call: 'GET /License/Usage/Plans/{planId}',
  });
});

test('another failure is not taken for another spelling', async () => {
  const server = await fakeVeeam(() => ({ status: 403 }));

  expect(await failureOf(vroClient(server.url).licenseUsage.server())).toMatchObject({
    code: 'veeam.forbidden',
  });
  expect(server.to('/Server')).toHaveLength(1);
});

/** Collections of `count` items that honour start and limit. */
function collectionServer(count: number) {
  const all = Array.from({ length: count }, (_, index) => ({ id: `l${index}`, name: 'DR' }));
  return fakeVeeam(({ query }) => {
    const start = Number(query.get('start'));
    return { json: { total: count, data: all.slice(start, start + Number(query.get('limit'))) } };
  });
}

test('a collection is read from start to limit', async () => {
  const server = await collectionServer(450);
  const { recoveryLocations } = vroClient(server.url);

  const { total, data } = await recoveryLocations.list({ start: 150, limit: 250 });

  expect([total, data.length, data[0]?.id, data.at(-1)?.id]).toEqual([450, 250, 'l150', 'l399']);
});

test('a collection ends with the last item', async () => {
  const server = await collectionServer(450);
  const { recoveryLocations } = vroClient(server.url);

  const { total, data } = await recoveryLocations.list({ start: 400 });

  expect([total, data.length]).toEqual([450, 50]);
  expect(server.to('/RecoveryLocations')).toHaveLength(1);
});

test('no limit of a call goes beyond that of the connection', async () => {
  const server = await collectionServer(450);
  const { recoveryLocations } = vroClient(server.url, { limits: { items: 10 } });

  expect(await recoveryLocations.list({ limit: 400 })).toMatchObject({ total: 450, data: { length: 10 } });
});

test('filter and sort go with every page', async () => {
  const server = await collectionServer(250);
  const filter = { property: 'name', operator: 'like', value: 'DR' } as const;
  const sort = [{ property: 'name', direction: 'DESC' }] as const;

  await vroClient(server.url).recoveryLocations.list({ filter, sort });

  expect(
    server.to('/RecoveryLocations').map(({ query }) => [query.get('filter'), query.get('sort')]),
  ).toEqual(Array(2).fill([JSON.stringify([filter]), JSON.stringify(sort)]));
});

test('all enabled plans are read page by page', async () => {
  const server = await collectionServer(250);

  const { data } = await vroClient(server.url).allPlans({ onlyEnabled: true });

  expect(data).toHaveLength(250);
  expect(server.to('/Plans').map(({ query }) => query.get('onlyEnabled'))).toEqual(['true', 'true']);
});

test('a logout ends the session and the next call logs in again', async () => {
  const server = await fakeVeeam(() => ({ json: { id: PLAN_ID, name: 'ERP' } }));
  const vro = vroClient(server.url);
  await vro.plan(PLAN_ID);
  await vro.logout();
  const session = vro.session();
  await vro.plan(PLAN_ID);

  expect(session).toBeUndefined();
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/token',
    `GET /api/v7.21/Plans/${PLAN_ID}`,
    'DELETE /api/token',
    'POST /api/token',
    `GET /api/v7.21/Plans/${PLAN_ID}`,
  ]);
});

test('a logout without a session sends nothing', async () => {
  const server = await fakeVeeam(() => ({}));

  await vroClient(server.url).logout();

  expect(server.seen).toEqual([]);
});

test.each(['v8', 'v7.3'])('the API version %s is refused', (apiVersion) => {
  // @ts-expect-error -- from a configuration that was not checked
  expect(() => vroClient('https://vro.example', { apiVersion })).toThrow(
    expect.objectContaining({ code: 'veeam.badInput' }),
  );
});
