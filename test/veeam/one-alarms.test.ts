import { expect, test } from 'vitest';
import { oneQueryOf } from '../../src/veeam/index.ts';
import type { TriggeredAlarm } from '../../src/veeam/index.ts';
import { failureOf, fakeVeeam } from './fake-server.ts';
import { oneClient } from './one-client.ts';

const triggered = oneQueryOf<TriggeredAlarm>();

const SOURCE = { objectId: 7, objectName: 'erp-db', objectType: 'VSphereVm' };
const REMEDIES = [{ description: 'Start the job', mode: 'Manual' }];
const COMMON = {
  triggeredAlarmId: 17,
  name: 'VM with no replica',
  predefinedAlarmId: 331,
  triggeredTime: '2026-11-21T06:00:00Z',
  status: 'Error',
};
const ALARM_22 = { ...COMMON, alarmAssignment: SOURCE, remediation: REMEDIES };
const ALARM_23 = { ...COMMON, alarmSource: SOURCE, remediation: { items: REMEDIES } };

test.each([
  ['v2.2', ALARM_22],
  ['v2.3', ALARM_23],
] as const)("an alarm of API %s has 2.3's shape", async (apiVersion, alarm) => {
  const server = await fakeVeeam(() => ({ json: { items: [alarm], totalCount: 1 } }));

  const { data } = await oneClient(server.url, { apiVersion }).alarms.list();

  expect(data).toEqual([expect.objectContaining(ALARM_23)]);
});

test.each([
  ['v2.2', 'alarmAssignment'],
  ['v2.3', 'alarmSource'],
] as const)('the source is asked for in the words of API %s', async (apiVersion, source) => {
  const server = await fakeVeeam(() => ({ json: { items: [], totalCount: 0 } }));

  await oneClient(server.url, { apiVersion }).alarms.select(['alarmSource'], {
    filter: triggered.where('alarmSource.objectName').equals('erp-db'),
    sort: triggered.sortBy('alarmSource.objectName'),
  });

  const query = server.to('/triggeredAlarms')[0]?.query;
  expect([
    JSON.parse(query?.get('Filter') ?? ''),
    JSON.parse(query?.get('Sort') ?? ''),
    query?.get('Select')?.split(',').at(-1),
  ]).toMatchObject([{ property: `${source}.objectName` }, { property: `${source}.objectName` }, source]);
});

test('alarms without a state or remedy are read', async () => {
  const novel = { ...COMMON, status: 'Snoozed', remediation: null };
  const server = await fakeVeeam(() => ({ json: novel }));

  expect(await oneClient(server.url).alarms.get(17)).toEqual(novel);
});

test('resolving no alarm is refused before anything is sent', async () => {
  const server = await fakeVeeam(() => ({}));
  const { alarms } = oneClient(server.url);
  const resolution = { comment: 'drill', resolveType: 'Resolve' } as const;

  expect([
    await failureOf(alarms.resolve({ triggeredAlarmIds: [], ...resolution })),
    await failureOf(alarms.resolveChildrenOf(17, { triggeredChildAlarmIds: [], ...resolution })),
  ]).toMatchObject([{ code: 'veeam.badInput' }, { code: 'veeam.badInput' }]);
  expect(server.seen).toEqual([]);
});
