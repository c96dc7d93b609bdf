import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ONE_OPERATIONS, createOneClient, oneQuery } from '../../src/veeam/index.ts';
import type { CommandOptions, OneClient } from '../../src/veeam/index.ts';
import { checkAgainst, operationOf, specOf } from '../support/spec-check.ts';
import { arbitraryOf, sampleOf } from '../support/spec-samples.ts';
import { containing, failureOf, fakeVeeam } from './fake-server.ts';
import type { Handler } from './fake-server.ts';
import { oneClient } from './one-client.ts';

const SPEC = specOf('one-2.3');

const UID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const ROOT = '/api/v2.3';

type Verb = keyof typeof ONE_OPERATIONS;

type Exercise = {
  readonly call: (client: OneClient, options?: CommandOptions) => Promise<unknown>;
  /** Method, path and query, as they arrive at the server. */
  readonly sent: string;
  readonly body?: object;
};

const FILTER = oneQuery.where('name').contains('erp');
const QUERY = { offset: 3, limit: 4, filter: FILTER, sort: oneQuery.sortBy('name') } as const;
const SENT_QUERY =
  '?Offset=3&Limit=4&Filter={"property":"name","operation":"contains","value":"erp"}' +
  '&Sort={"property":"name","direction":"ascending"}';
const RESOLUTION = { comment: 'drill', resolveType: 'Resolve' } as const;

/** One call of every operation. The type makes a new operation without one fail to compile. */
const EXERCISES: Readonly<Record<Verb, Exercise>> = {
  login: { call: (one) => one.about.server(), sent: 'POST /api/token' },
  revoke: {
    call: (one, options) => one.revoke({ userSid: 'S-1-5-21-500' }, options),
    sent: 'POST /api/revoke',
  },

  'about.server': { call: (one) => one.about.server(), sent: `GET ${ROOT}/about` },
  'about.installation': {
    call: (one) => one.about.installation(),
    sent: `GET ${ROOT}/about/installationInfo`,
  },
  'about.updater': { call: (one) => one.about.updater(), sent: `GET ${ROOT}/about/updater` },
  'about.collectLogs': {
    call: (one, options) => one.about.collectLogs({ fromDate: '2026-11-20T00:00:00Z' }, options),
    sent: `POST ${ROOT}/about/logs`,
    body: { fromDate: '2026-11-20T00:00:00Z' },
  },
  'about.logsTask': {
    call: (one) => one.about.logsTask(UID),
    sent: `POST ${ROOT}/about/logs/tasks/${UID}/status`,
  },

  'sessions.list': { call: (one) => one.sessions.list(QUERY), sent: `GET ${ROOT}/sessions${SENT_QUERY}` },
  'sessions.get': { call: (one) => one.sessions.get(1000), sent: `GET ${ROOT}/sessions/1000` },
  'sessions.details': {
    call: (one) => one.sessions.detailsOf(1000).list({ limit: 5 }),
    sent: `GET ${ROOT}/sessions/1000/details?Limit=5`,
  },

  'dataCollection.status': {
    call: (one) => one.dataCollection.status(),
    sent: `GET ${ROOT}/dataCollection/status`,
  },
  'dataCollection.tasks': {
    call: (one) => one.dataCollection.tasks.list({ offset: 1, limit: 2 }),
    sent: `GET ${ROOT}/dataCollection/tasks?Offset=1&Limit=2`,
  },
  'dataCollection.schedule': {
    call: (one) => one.dataCollection.schedule(),
    sent: `GET ${ROOT}/dataCollection/schedule`,
  },
  'dataCollection.changeSchedule': {
    call: (one, options) =>
      one.dataCollection.changeSchedule(
        {
          startTime: '2026-11-18T21:00:00Z',
          timeZoneId: '',
          scheduleType: 'Periodic',
          disabled: false,
          periodically: { period: 1, interval: 'Hours' },
        },
        options,
      ),
    sent: `PATCH ${ROOT}/dataCollection/schedule`,
    body: {
      startTime: '2026-11-18T21:00:00Z',
      timeZoneId: '',
      scheduleType: 'Periodic',
      disabled: false,
      periodically: { period: 1, interval: 'Hours' },
    },
  },
  'dataCollection.start': {
    call: (one, options) => one.dataCollection.start(options),
    sent: `POST ${ROOT}/dataCollection/start`,
  },
  'dataCollection.stop': {
    call: (one, options) => one.dataCollection.stop(options),
    sent: `POST ${ROOT}/dataCollection/stop`,
  },

  'failoverPlans.list': {
    call: (one) => one.failoverPlans.list(QUERY),
    sent: `GET ${ROOT}/vbr/failoverPlans${SENT_QUERY}`,
  },
  'failoverPlans.get': {
    call: (one) => one.failoverPlans.get(UID),
    sent: `GET ${ROOT}/vbr/failoverPlans/${UID}`,
  },
  'replicationJobs.list': {
    call: (one) => one.replicationJobs.list(QUERY),
    sent: `GET ${ROOT}/vbrJobs/vmReplicationJobs${SENT_QUERY}`,
  },
  'replicationJobs.get': {
    call: (one) => one.replicationJobs.get(UID),
    sent: `GET ${ROOT}/vbrJobs/vmReplicationJobs/${UID}`,
  },
  'cdpPolicies.list': {
    call: (one) => one.cdpPolicies.list(),
    sent: `GET ${ROOT}/vbrJobs/cdpPolicies`,
  },
  'cdpPolicies.get': {
    call: (one) => one.cdpPolicies.get(UID),
    sent: `GET ${ROOT}/vbrJobs/cdpPolicies/${UID}`,
  },
  'sureBackupJobs.list': {
    call: (one) => one.sureBackupJobs.list(),
    sent: `GET ${ROOT}/vbrJobs/sureBackupJobs`,
  },
  'sureBackupJobs.get': {
    call: (one) => one.sureBackupJobs.get(UID),
    sent: `GET ${ROOT}/vbrJobs/sureBackupJobs/${UID}`,
  },

  'protectedVms.list': {
    call: (one) => one.protectedVms.all(),
    sent: `GET ${ROOT}/protectedData/virtualMachines?Offset=0&Limit=200`,
  },
  'protectedVms.get': {
    call: (one) => one.protectedVms.get(UID),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}`,
  },
  'protectedVms.backups': {
    call: (one) => one.protectedVms.backups.list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/backups`,
  },
  'protectedVms.backupsOf': {
    call: (one) => one.protectedVms.backupsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/backups`,
  },
  'protectedVms.backupRestorePointsOf': {
    call: (one) => one.protectedVms.backupRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/backupRestorePoints`,
  },
  'protectedVms.replicaRestorePointsOf': {
    call: (one) => one.protectedVms.replicaRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/replicaRestorePoints`,
  },
  'protectedComputers.list': {
    call: (one) => one.protectedComputers.list(),
    sent: `GET ${ROOT}/protectedData/computers`,
  },
  'protectedComputers.get': {
    call: (one) => one.protectedComputers.get(UID),
    sent: `GET ${ROOT}/protectedData/computers/${UID}`,
  },
  'protectedComputers.backups': {
    call: (one) => one.protectedComputers.backups.list(),
    sent: `GET ${ROOT}/protectedData/computers/backups`,
  },
  'protectedComputers.backupsOf': {
    call: (one) => one.protectedComputers.backupsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/computers/${UID}/backups`,
  },
  'protectedComputers.backupRestorePointsOf': {
    call: (one) => one.protectedComputers.backupRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/computers/${UID}/backupRestorePoints`,
  },

  'alarms.list': {
    call: (one) => one.alarms.select(['name', 'alarmSource'], { filter: FILTER }),
    sent:
      `GET ${ROOT}/alarms/triggeredAlarms?Offset=0&Limit=200` +
      '&Filter={"property":"name","operation":"contains","value":"erp"}' +
      '&Select=triggeredAlarmId,status,triggeredTime,name,alarmSource',
  },
  'alarms.get': { call: (one) => one.alarms.get(17), sent: `GET ${ROOT}/alarms/triggeredAlarms/17` },
  'alarms.childrenOf': {
    call: (one) => one.alarms.childrenOf(17).list(),
    sent: `GET ${ROOT}/alarms/triggeredAlarms/17/triggeredChildAlarms`,
  },
  'alarms.resolve': {
    call: (one, options) => one.alarms.resolve({ triggeredAlarmIds: [17, 18], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredAlarms/resolve`,
    body: { triggeredAlarmIds: [17, 18], ...RESOLUTION },
  },
  'alarms.resolveChildren': {
    call: (one, options) =>
      one.alarms.resolveChildren({ triggeredChildAlarmIds: [3], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredChildAlarms/resolve`,
    body: { triggeredChildAlarmIds: [3], ...RESOLUTION },
  },
  'alarms.resolveChildrenOf': {
    call: (one, options) =>
      one.alarms.resolveChildrenOf(17, { triggeredChildAlarmIds: [3], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredAlarms/17/triggeredChildAlarms/resolve`,
    body: { triggeredChildAlarmIds: [3], ...RESOLUTION },
  },
  'alarmTemplates.list': { call: (one) => one.alarmTemplates.list(), sent: `GET ${ROOT}/alarms/templates` },
  'alarmTemplates.get': {
    call: (one) => one.alarmTemplates.get(331),
    sent: `GET ${ROOT}/alarms/templates/331`,
  },
  'backupServers.list': { call: (one) => one.backupServers.list(), sent: `GET ${ROOT}/vbr/backupServers` },
  'backupServers.get': {
    call: (one) => one.backupServers.get(2),
    sent: `GET ${ROOT}/vbr/backupServers/2`,
  },
};

const exercises = Object.entries(EXERCISES);
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
