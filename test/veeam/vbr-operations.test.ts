import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VBR_API_VERSIONS, VBR_OPERATIONS } from '../../src/veeam/index.ts';
import type { CommandOptions, VbrClient } from '../../src/veeam/index.ts';
import { checkAgainst, operationOf, specOf } from '../support/spec-check.ts';
import { arbitraryOf, sampleOf } from '../support/spec-samples.ts';
import { containing, failureOf, fakeVeeam, vbrClient } from './fake-server.ts';
import type { Handler } from './fake-server.ts';

const SPEC = specOf('vbr-1.2-rev1');

const ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const REPLICA = 'e7c0ef09-8bd4-4cbd-b26a-2fd0177e6b0c';
const POINTS = ['c8435ccb-5ecf-4fa5-b429-f703b9a37bef', 'e67070c7-7116-4c57-a90e-12be7f0a94f1'];
const DATE = '2026-11-21T06:00:00Z';
const VM = { platform: 'VMware', hostName: 'vc', name: 'erp-db', type: 'VirtualMachine' } as const;

type Verb = keyof typeof VBR_OPERATIONS;

type Exercise = {
  readonly call: (client: VbrClient, options?: CommandOptions) => Promise<unknown>;
  /** Method, path and query, as they arrive at the server. */
  readonly sent: string;
  readonly body?: object;
  /** The answer, where the operation is not in the specification that is kept here. */
  readonly answer?: object;
};

const BACKUP = { id: ID, name: 'Agents - srv1', creationTime: DATE };
const PAGINATION = { total: 1, count: 1, skip: 0, limit: 200 };

/** One call of every operation. The type makes a new operation without one fail to compile. */
const EXERCISES: Readonly<Record<Verb, Exercise>> = {
  login: { call: (vbr) => vbr.serverInfo(), sent: 'POST /api/oauth2/token' },
  logout: {
    call: async (vbr) => {
      await vbr.serverInfo();
      await vbr.logout();
    },
    sent: 'POST /api/oauth2/logout',
  },
  'authorizationCode.create': {
    call: (vbr, options) => vbr.authorizationCode.create(options),
    sent: 'POST /api/oauth2/authorization_code',
  },
  serverTime: { call: (vbr) => vbr.serverTime(), sent: 'GET /api/v1/serverTime' },
  serverInfo: { call: (vbr) => vbr.serverInfo(), sent: 'GET /api/v1/serverInfo' },

  'recoveryTokens.list': {
    call: (vbr) =>
      vbr.recoveryTokens.list({
        skip: 1,
        limit: 2,
        orderColumn: 'Name',
        orderAsc: true,
        nameFilter: 'srv*',
      }),
    sent: 'GET /api/v1/agents/recoveryTokens?skip=1&limit=2&orderColumn=Name&orderAsc=true&nameFilter=srv*',
  },
  'recoveryTokens.create': {
    call: (vbr, options) => vbr.recoveryTokens.create({ backupIds: [ID], expirationDate: DATE }, options),
    sent: 'POST /api/v1/agents/recoveryTokens',
    body: { backupIds: [ID], expirationDate: DATE },
  },
  'recoveryTokens.get': {
    call: (vbr) => vbr.recoveryTokens.get(ID),
    sent: `GET /api/v1/agents/recoveryTokens/${ID}`,
  },
  'recoveryTokens.update': {
    call: (vbr, options) =>
      vbr.recoveryTokens.update({ id: ID, name: 'srv1', expirationDate: DATE }, options),
    sent: `PUT /api/v1/agents/recoveryTokens/${ID}`,
    body: { id: ID, name: 'srv1', expirationDate: DATE },
  },
  'recoveryTokens.remove': {
    call: (vbr, options) => vbr.recoveryTokens.remove(ID, options),
    sent: `DELETE /api/v1/agents/recoveryTokens/${ID}`,
  },

  'backups.list': {
    call: (vbr) => vbr.backups.list({ nameFilter: '*srv1*', orderColumn: 'CreationTime', orderAsc: false }),
    sent: 'GET /api/v1/backups?nameFilter=*srv1*&orderColumn=CreationTime&orderAsc=false',
    answer: { data: [BACKUP], pagination: PAGINATION },
  },
  'backups.get': {
    call: (vbr) => vbr.backups.get(ID),
    sent: `GET /api/v1/backups/${ID}`,
    answer: BACKUP,
  },
  'backups.objects': {
    call: (vbr) => vbr.backups.objects(ID),
    sent: `GET /api/v1/backups/${ID}/objects?skip=0&limit=200`,
    answer: { data: [{ id: ID, name: 'srv1' }], pagination: PAGINATION },
  },

  'replicas.list': {
    call: (vbr) =>
      vbr.replicas.list({
        skip: 0,
        limit: 50,
        orderColumn: 'PolicyTag',
        orderAsc: false,
        nameFilter: 'erp*',
        createdAfterFilter: DATE,
        createdBeforeFilter: DATE,
        platformIdFilter: ID,
        jobIdFilter: ID,
        policyTagFilter: 'gold',
        stateFilter: 'ReadyToSwitch',
      }),
    sent:
      'GET /api/v1/replicas?skip=0&limit=50&orderColumn=PolicyTag&orderAsc=false&nameFilter=erp*' +
      `&createdAfterFilter=${encodeURIComponent(DATE)}&createdBeforeFilter=${encodeURIComponent(DATE)}` +
      `&platformIdFilter=${ID}&jobIdFilter=${ID}&policyTagFilter=gold&stateFilter=ReadyToSwitch`,
  },
  'replicas.get': { call: (vbr) => vbr.replicas.get(REPLICA), sent: `GET /api/v1/replicas/${REPLICA}` },
  'replicas.rescan': {
    call: (vbr, options) => vbr.replicas.rescan([REPLICA], options),
    sent: 'POST /api/v1/replicas/rescan',
    body: { replicaIds: [REPLICA] },
  },
  'replicaPoints.list': {
    call: (vbr) =>
      vbr.replicaPoints.list({
        orderColumn: 'ReplicaId',
        platformNameFilter: 'VMware',
        replicaIdFilter: REPLICA,
        malwareStatusFilter: 'Clean',
      }),
    sent: `GET /api/v1/replicaPoints?orderColumn=ReplicaId&platformNameFilter=VMware&replicaIdFilter=${REPLICA}&malwareStatusFilter=Clean`,
  },
  'replicaPoints.get': {
    call: (vbr) => vbr.replicaPoints.get(ID),
    sent: `GET /api/v1/replicaPoints/${ID}`,
  },
  'replicaPoints.listOf': {
    call: (vbr) => vbr.replicaPoints.of(REPLICA).list({ orderColumn: 'CreationTime', orderAsc: false }),
    sent: `GET /api/v1/replicas/${REPLICA}/replicaPoints?orderColumn=CreationTime&orderAsc=false`,
  },
  'replicaPoints.getOf': {
    call: (vbr) => vbr.replicaPoints.getOf(REPLICA, ID),
    sent: `GET /api/v1/replicas/${REPLICA}/replicaPoints/${ID}`,
  },

  'failover.now': {
    call: (vbr, options) => vbr.failover.now({ replicaPointIds: POINTS, reason: 'flood' }, options),
    sent: 'POST /api/v1/failover/failoverNow/vSphere/snapshot',
    body: { replicaPointIds: POINTS, reason: 'flood' },
  },
  'failover.planned': {
    call: (vbr, options) => vbr.failover.planned({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/plannedFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failover.permanent': {
    call: (vbr, options) => vbr.failover.permanent({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/permanentFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failover.undo': {
    call: (vbr, options) => vbr.failover.undo({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/undoFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },

  'failback.start': {
    call: (vbr, options) =>
      vbr.failback.start(
        {
          type: 'OriginalVM',
          replicaPointIds: [ID],
          targetVM: [{ replicaPointId: ID, destinationVM: VM }],
          failbackMode: { type: 'Scheduled', scheduledTime: DATE },
          powerOnTargetVM: true,
        },
        options,
      ),
    sent: 'POST /api/v1/failback/failbackToProduction/vSphere/snapshot',
    body: {
      type: 'OriginalVM',
      replicaPointIds: [ID],
      targetVM: [{ replicaPointId: ID, destinationVM: VM }],
      failbackMode: { type: 'Scheduled', scheduledTime: DATE },
      powerOnTargetVM: true,
    },
  },
  'failback.switchToProduction': {
    call: (vbr, options) => vbr.failback.switchToProduction({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/switchToProduction/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failback.changeSwitchoverTime': {
    call: (vbr, options) =>
      vbr.failback.changeSwitchoverTime(
        { replicaPointIds: POINTS, failbackMode: { type: 'Manual' } },
        options,
      ),
    sent: 'POST /api/v1/failback/changeSwitchoverTime/vSphere/snapshot',
    body: { replicaPointIds: POINTS, failbackMode: { type: 'Manual' } },
  },
  'failback.commit': {
    call: (vbr, options) => vbr.failback.commit({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/commitFailback/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failback.undo': {
    call: (vbr, options) => vbr.failback.undo({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/undoFailback/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },

  'sessions.list': {
    call: (vbr) =>
      vbr.sessions.list({
        orderColumn: 'EndTime',
        endedAfterFilter: DATE,
        endedBeforeFilter: DATE,
        typeFilter: 'PlannedFailover',
        stateFilter: 'Stopped',
        resultFilter: 'Success',
        jobIdFilter: ID,
      }),
    sent:
      `GET /api/v1/sessions?orderColumn=EndTime&endedAfterFilter=${encodeURIComponent(DATE)}` +
      `&endedBeforeFilter=${encodeURIComponent(DATE)}&typeFilter=PlannedFailover&stateFilter=Stopped` +
      `&resultFilter=Success&jobIdFilter=${ID}`,
  },
  'sessions.get': { call: (vbr) => vbr.sessions.get(ID), sent: `GET /api/v1/sessions/${ID}` },
  'sessions.logs': { call: (vbr) => vbr.sessions.logs(ID), sent: `GET /api/v1/sessions/${ID}/logs` },
  'sessions.stop': {
    call: (vbr, options) => vbr.sessions.stop(ID, options),
    sent: `POST /api/v1/sessions/${ID}/stop`,
  },
  'sessions.taskSessions': {
    call: (vbr) => vbr.sessions.taskSessions(ID),
    sent: `GET /api/v1/sessions/${ID}/taskSessions`,
  },
  'taskSessions.list': {
    call: (vbr) =>
      vbr.taskSessions.list({
        orderColumn: 'ScanState',
        typeFilter: 'Antivirus',
        sessionTypeFilter: 'SureBackup',
        scanTypeFilter: 'Yara',
        scanResultFilter: 'Infected',
        scanStateFilter: 'Finished',
        sessionIdFilter: ID,
      }),
    sent:
      'GET /api/v1/taskSessions?orderColumn=ScanState&typeFilter=Antivirus&sessionTypeFilter=SureBackup' +
      `&scanTypeFilter=Yara&scanResultFilter=Infected&scanStateFilter=Finished&sessionIdFilter=${ID}`,
  },
  'taskSessions.get': { call: (vbr) => vbr.taskSessions.get(ID), sent: `GET /api/v1/taskSessions/${ID}` },
  'taskSessions.logs': {
    call: (vbr) => vbr.taskSessions.logs(ID),
    sent: `GET /api/v1/taskSessions/${ID}/logs`,
  },
};

const exercises = Object.entries(EXERCISES);
const operations = Object.entries(VBR_OPERATIONS);
const calls = exercises.filter(([verb]) => verb !== 'login' && verb !== 'logout');
const specified = calls.filter(([, { answer }]) => answer === undefined);
const commands = calls.filter(([, { sent }]) => !sent.startsWith('GET '));

/** Answers what the specification lists for the call: the success status, and a body made by `make`. */
function bySpec(
  make: (schemaName: string) => unknown = (name) => sampleOf(SPEC, name),
  beyond?: object,
): Handler {
  return ({ method, path }) => {
    if (beyond !== undefined) return { json: beyond };
    const answers = Object.entries(operationOf(SPEC, method, path)?.answers ?? {});
    const [status, schema] = answers.find(([code]) => code.startsWith('2')) ?? ['404', null];
    return schema === null || status === '204'
      ? { status: Number(status) }
      : { status: Number(status), json: make(schema) };
  };
}

test.each(exercises)('%s is sent as the vendor names it', async (_, { call, sent, body, answer }) => {
  const server = await fakeVeeam(bySpec(undefined, answer));

  await call(vbrClient(server.url, { apiVersion: '1.2-rev1' }));

  const arrived = server.seen.find(({ method, path, query }) => {
    const parameters = [...query].map(([name, value]) => `${name}=${value}`).join('&');
    return `${method} ${path}${parameters === '' ? '' : `?${parameters}`}` === decodeURIComponent(sent);
  });
  expect(arrived).toBeDefined();
  if (body !== undefined) expect(JSON.parse(arrived?.body ?? '')).toEqual(body);
});

test.each(exercises.filter(([, { answer }]) => answer === undefined))(
  '%s sends what the specification takes',
  (_, { sent, body }) => {
    const [method = '', target = ''] = sent.split(' ');
    const url = new URL(target, 'http://vbr');
    const operation = operationOf(SPEC, method, url.pathname);

    expect(operation?.body === undefined ? [] : checkAgainst(SPEC, operation.body, body ?? {})).toEqual(
      operation?.form === true ? [containing('grant_type: missing')] : [],
    );
    expect(Object.keys(operation?.query ?? {})).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
  },
);

test('the table has every operation of the specification; others have an answer of their own here', () => {
  const routes = (all: readonly { method: string; path: string }[]) =>
    all.map(({ method, path }) => `${method} ${path}`).sort();
  const inSpecification = operations.filter(([verb]) => EXERCISES[verb as Verb].answer === undefined);

  expect(routes(inSpecification.map(([, operation]) => operation))).toEqual(routes(SPEC.operations));
});

test.each(specified)('%s reads every answer that the specification allows', async (_, { call }) => {
  let draw: (schemaName: string) => unknown = () => undefined;
  const server = await fakeVeeam(bySpec((name) => draw(name)));
  const vbr = vbrClient(server.url, { apiVersion: '1.2-rev1' });

  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      draw = (name) => gen(arbitraryOf, SPEC, name);
      await call(vbr);
    }),
    { numRuns: 10 },
  );
});

test.each(VBR_API_VERSIONS.flatMap((version) => calls.map(([verb, one]) => ({ version, verb, ...one }))))(
  '$verb in API version $version is made or refused as the table says',
  async ({ version, verb, call, answer }) => {
    const server = await fakeVeeam(bySpec(undefined, answer));
    const versions: readonly string[] = VBR_OPERATIONS[verb as Verb].versions;

    const made = call(vbrClient(server.url, { apiVersion: version }));

    if (versions.includes(version)) await made;
    else {
      expect(await failureOf(made)).toMatchObject({
        code: 'veeam.badInput',
        message: containing(`API version ${version} does not have this call`),
      });
    }
    // Refused means that not even a login was sent.
    expect(server.seen.length).toBe(versions.includes(version) ? 2 : 0);
  },
);

test.each(commands)('%s asks the fence, and is not sent when it refuses', async (_, { call }) => {
  const server = await fakeVeeam(bySpec());
  const refusal = new Error('frozen');
  const vbr = vbrClient(server.url, { apiVersion: '1.2-rev1' });

  const error = await failureOf(call(vbr, { beforeSend: () => Promise.reject(refusal) }));

  expect(error).toBe(refusal);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/oauth2/token']);
});
