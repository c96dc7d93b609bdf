import { expect, test } from 'vitest';
import { checkAgainst, checkAnswer, specOf } from '../support/spec-check.ts';

const VBR = specOf('vbr-1.2-rev1');
const ONE = specOf('one-2.3');
const ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const DATE = '2026-11-21T06:00:00Z';
const POINT = {
  id: ID,
  name: 'erp-db',
  platformName: 'VMware',
  platformId: ID,
  creationTime: DATE,
  replicaId: ID,
  allowedOperations: ['StartFlrRestore'],
};
const TASK = { id: ID, sessionId: ID, sessionType: 'ReplicaJob', creationTime: DATE };

test.each([
  ['nothing wrong', POINT, []],
  ['a missing field', { ...POINT, name: undefined }, ['ReplicaPointModel.name: missing']],
  ['a wrong type', { ...POINT, name: 7 }, ['ReplicaPointModel.name: number instead of string']],
  ['a wrong format', { ...POINT, id: 'p1' }, ['ReplicaPointModel.id: "p1" is not a uuid']],
  [
    'a wrong date',
    { ...POINT, creationTime: 'now' },
    ['ReplicaPointModel.creationTime: "now" is not a date-time'],
  ],
  [
    'a value that is not listed',
    { ...POINT, state: 'Lost' },
    ['ReplicaPointModel.state: "Lost" is not listed'],
  ],
  ['an unknown field', { ...POINT, age: 1 }, ['ReplicaPointModel.age: unknown']],
  [
    'null where a value is required',
    { ...POINT, name: null },
    ['ReplicaPointModel.name: null instead of string'],
  ],
  ['null where none is required', { ...POINT, state: null }, []],
  [
    'something wrong in a list',
    { ...POINT, allowedOperations: [1] },
    ['ReplicaPointModel.allowedOperations[0]: number instead of string'],
  ],
])('the check tells of %s', (_, value, violations) => {
  expect(checkAgainst(VBR, 'ReplicaPointModel', value)).toEqual(violations);
});

test('the discriminator of a union chooses what is checked', () => {
  expect(checkAgainst(VBR, 'TaskSessionModel', { ...TASK, type: 'Antivirus', scanResult: 'Clean' })).toEqual([
    'TaskSessionModel.name: missing',
    'TaskSessionModel.scanType: missing',
    'TaskSessionModel.scanState: missing',
  ]);
});

test('an answer to Select may be partial', () => {
  const answer = {
    method: 'GET',
    path: '/api/v2.3/alarms/triggeredAlarms',
    status: 200,
    body: { items: [{ status: 'Error' }], totalCount: 1 },
  };

  expect(checkAnswer(ONE, answer, { partial: true })).toEqual([]);
  expect(checkAnswer(ONE, answer)).toContain('TriggeredAlarmInfo2Page.items[0].triggeredAlarmId: missing');
});

test('a fixed path wins over one with an id', () => {
  const path = '/api/v2.3/protectedData/virtualMachines/backups';
  const body = { items: [{ backupUid: 7 }], totalCount: 1 };

  expect(checkAnswer(ONE, { method: 'GET', path, status: 200, body })).toContain(
    'ProtectedVmBackupInfoPage.items[0].backupUid: number instead of string',
  );
});

test('a call, a status or a body that is not listed is told', () => {
  const resolve = '/api/v2.3/alarms/triggeredAlarms/resolve';

  expect([
    ...checkAnswer(ONE, { method: 'PUT', path: '/api/v2.3/about', status: 200, body: {} }),
    ...checkAnswer(ONE, { method: 'GET', path: '/api/v2.3/about', status: 418, body: {} }),
    ...checkAnswer(ONE, { method: 'POST', path: resolve, status: 200, body: {} }),
  ]).toEqual([
    'PUT /api/v2.3/about: no such operation',
    'GET /api/v2.3/about: status 418 is not listed',
    `POST ${resolve}: a body where none is listed`,
  ]);
});
