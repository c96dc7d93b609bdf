import { describe, expect, test } from 'vitest';
import { checkAgainst, checkAnswer, operationOf, specOf } from '../support/spec-check.ts';
import type { OneSite } from './one-support.ts';
import { logInOne, oneSite, queryOf } from './one-support.ts';
import { send } from './support.ts';

const SPEC = specOf('one-2.3');
const PREFIX = '/api/v2.3';

/** A world that has at least one of everything. */
const RICH = {
  name: 'rich',
  vro: {
    plans: [
      {
        name: 'SHOP',
        groups: [{ name: 'All', vms: [{ name: 'shop-01', steps: [{ name: 'Start', seconds: 10 }] }] }],
      },
    ],
  },
  vbr: {
    agentBackups: [{ name: 'Agent backup - till-01', computer: 'till-01' }],
    cdpPolicies: [{ name: 'CDP shop' }],
    sureBackupJobs: [{ name: 'SureBackup shop' }, { name: 'Never ran', result: 'None' as const }],
    vms: [
      { name: 'shop-01', replication: { isStopped: true } },
      { name: 'empty-01', backup: { points: 0 } },
    ],
  },
  alarms: [
    { name: 'Datastore is full', object: 'ds-01', objectType: 'Datastore', remediation: ['Free space'] },
    { name: 'Something odd', object: 'thing', objectType: 'Thing' },
  ],
};

/** Where the ids for paths come from: a collection, and the property of its items. */
const IDS: Readonly<Record<string, readonly [path: string, property: string]>> = {
  alarmTemplateId: ['/alarms/templates', 'alarmTemplateId'],
  triggeredAlarmId: ['/alarms/triggeredAlarms', 'triggeredAlarmId'],
  sessionId: ['/sessions', 'jobSessionId'],
  failoverPlanUid: ['/vbr/failoverPlans', 'failoverPlanUid'],
  backupServerId: ['/vbr/backupServers', 'backupServerId'],
  cdpPolicyUid: ['/vbrJobs/cdpPolicies', 'cdpPolicyUid'],
  vmReplicationJobUid: ['/vbrJobs/vmReplicationJobs', 'vmReplicationJobUid'],
  sureBackupJobUid: ['/vbrJobs/sureBackupJobs', 'sureBackupJobUid'],
  computerUidInVbr: ['/protectedData/computers', 'computerUidInVbr'],
  vmUidInVbr: ['/protectedData/virtualMachines', 'vmUidInVbr'],
};

async function filled({ one, items }: OneSite, template: string): Promise<string> {
  const name = /\{(\w+)\}/.exec(template)?.[1];
  if (name === undefined) return template;
  if (name === 'taskId') {
    const { json } = await one.call('POST', '/about/logs', {});
    return template.replace(`{${name}}`, String(json.id));
  }
  const [path, property] = IDS[name] ?? ['', ''];
  return template.replace(`{${name}}`, String((await items(path))[0]?.[property]));
}

const GETS = SPEC.operations.filter(
  ({ method, path }) => path.startsWith(PREFIX) && (method === 'GET' || path.endsWith('/status')),
);

/** Commands that answer nothing but their status. */
const SILENT: readonly (readonly [method: string, path: string, body: object | undefined])[] = [
  [
    'POST',
    '/alarms/triggeredAlarms/resolve',
    { triggeredAlarmIds: [1], comment: '', resolveType: 'Resolve' },
  ],
  [
    'POST',
    '/alarms/triggeredChildAlarms/resolve',
    { triggeredChildAlarmIds: [100_001], comment: '', resolveType: 'Resolve' },
  ],
  [
    'POST',
    '/alarms/triggeredAlarms/1/triggeredChildAlarms/resolve',
    { triggeredChildAlarmIds: [100_001], comment: '', resolveType: 'Action' },
  ],
  ['POST', '/dataCollection/start', undefined],
  ['POST', '/dataCollection/stop', undefined],
  ['PATCH', '/dataCollection/schedule', { disabled: true }],
];

describe('every answer is as the specification says', () => {
  test.each(GETS.map(({ method, path }) => [method, path] as const))('%s %s', async (method, path) => {
    const here = await oneSite({ scenario: RICH });
    const called = (await filled(here, path)).slice(PREFIX.length);
    const { status, json, text } = await here.one.call(method, called);
    expect([status, text.length > 2]).toEqual([200, true]);
    // An empty list would prove nothing about its items.
    expect(json['items'] ?? ['no list']).not.toEqual([]);
    expect(checkAnswer(SPEC, { method, path: `${PREFIX}${called}`, status, body: json })).toEqual([]);
  });

  test.each(SILENT)('%s %s answers 200 and nothing', async (method, path, body) => {
    const { one } = await oneSite({ scenario: RICH });
    const { status, text } = await one.call(method, path, body);
    const called = { method, path: `${PREFIX}${path}`, status, body: text === '' ? undefined : text };
    expect([status, checkAnswer(SPEC, called)]).toEqual([200, []]);
  });

  test('POST /about/logs', async () => {
    const { one } = await oneSite();
    const { status, json } = await one.call('POST', '/about/logs', {});
    const called = { method: 'POST', path: `${PREFIX}/about/logs`, status, body: json };
    expect([status, checkAnswer(SPEC, called)]).toEqual([200, []]);
  });

  test('POST /api/token', async () => {
    const { status, json } = await logInOne((await oneSite()).sim);
    const called = { method: 'POST', path: '/api/token', status, body: json };
    expect([status, checkAnswer(SPEC, called)]).toEqual([200, []]);
  });

  test('POST /api/revoke', async () => {
    const { sim } = await oneSite();
    const token = (await logInOne(sim)).json.access_token ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const { status, text } = await send(
      `${sim.urls.one}/api/revoke`,
      'POST',
      new URLSearchParams({ token }),
      headers,
    );
    const called = { method: 'POST', path: '/api/revoke', status, body: text === '' ? undefined : text };
    expect([status, checkAnswer(SPEC, called)]).toEqual([200, []]);
  });

  test('no operation of the specification is left out above', () => {
    const named = ['POST /api/token', 'POST /api/revoke', `POST ${PREFIX}/about/logs`];
    const left = SPEC.operations.filter(
      (operation) =>
        !GETS.includes(operation) &&
        !named.includes(`${operation.method} ${operation.path}`) &&
        !SILENT.some(
          ([method, path]) => operationOf(SPEC, method, `${PREFIX}${path}`)?.path === operation.path,
        ),
    );
    expect(left).toEqual([]);
  });

  test('every operation of the specification has a route', async () => {
    const { sim } = await oneSite();
    const missing = SPEC.operations.filter(({ method, path }) => {
      const call = `${method} ${path.replace(PREFIX, '')}`;
      // A fault may only name a call that exists.
      try {
        sim.faults.add({ system: 'one', call, kind: 'error' });
        return false;
      } catch {
        return true;
      }
    });
    expect(missing).toEqual([]);
  });

  test('a page of selected properties', async () => {
    const { one } = await oneSite({ scenario: RICH });
    const path = `/alarms/triggeredAlarms${queryOf({ Select: 'name,alarmSource.objectName' })}`;
    const { json } = await one.call('GET', path);
    expect(json['items']).toEqual([
      { name: 'Datastore is full', alarmSource: { objectName: 'ds-01' } },
      { name: 'Something odd', alarmSource: { objectName: 'thing' } },
    ]);
  });

  test.each([
    ['GET', '/sessions/77', 404],
    ['GET', '/vbrJobs/cdpPolicies/77', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/sessions?Filter=nonsense', 400],
    ['PATCH', '/dataCollection/schedule', 400],
  ])('%s %s is refused with ProblemDetails', async (method, path, status) => {
    const { one } = await oneSite();
    const answer = await one.call(method, path);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, instance: `${PREFIX}${path.split('?')[0] ?? ''}` });
    expect(checkAgainst(SPEC, 'ProblemDetails', answer.json)).toEqual([]);
  });

  test('paths and parameters may be in any case', async () => {
    const { items } = await oneSite();
    expect(await items('/VBR/FailoverPlans', { LIMIT: '1', select: 'NAME', skip: 3, pretty: true })).toEqual([
      { name: 'ERP-CANARY' },
    ]);
  });
});
