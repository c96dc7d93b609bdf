import { describe, expect, test } from 'vitest';
import type { OneSite } from './one-support.ts';
import { oneClient, oneSite, queryOf } from './one-support.ts';
import { LONG, vroClient } from './support.ts';

const ALARMS = '/alarms/triggeredAlarms';
const OPEN = { Filter: { property: 'status', operation: 'in', value: ['Error', 'Warning'] } };

/** Fails a plan over in VRO, and waits for it. */
async function failOver({ sim, after }: OneSite, plan: string, action = 'Failover'): Promise<void> {
  const vro = await vroClient(sim);
  const { status } = await vro.call('POST', `/Plans/${sim.world.plan(plan).spec.id}/${action}`, {});
  expect(status).toBe(200);
  after(LONG);
}

describe('a failover in VRO', () => {
  test('raises an alarm per VM, and undoing it resolves them', async () => {
    const here = await oneSite();
    await failOver(here, 'CRM');
    const raised = await here.items(ALARMS, { ...OPEN, Select: 'predefinedAlarmId,status,alarmSource' });
    expect(raised).toEqual(
      ['crm-db-01', 'crm-app-01'].map((objectName) => ({
        predefinedAlarmId: 331,
        status: 'Warning',
        alarmSource: { objectId: expect.any(Number) as number, objectName, objectType: 'VSphereVm' },
      })),
    );
    await failOver(here, 'CRM', 'Undo');
    expect(await here.items(ALARMS, OPEN)).toEqual([]);
  });

  test('shows in the failover plan of the same name', async () => {
    const here = await oneSite();
    const status = async (): Promise<unknown> =>
      (await here.items('/vbr/failoverPlans')).find(({ name }) => name === 'CRM')?.['status'];
    const seen = [await status()];
    const vro = await vroClient(here.sim);
    const plan = `/Plans/${here.sim.world.plan('CRM').spec.id}`;
    await vro.call('POST', `${plan}/Failover`, {});
    seen.push(await status());
    here.after(LONG);
    seen.push(await status());
    await vro.call('POST', `${plan}/Undo`);
    seen.push(await status());
    here.after(LONG);
    seen.push(await status());
    expect(seen).toEqual(['Ready', 'InProgress', 'Success', 'InUndoProgress', 'UndoSuccess']);
  });

  test('ends the making of replica points', async () => {
    const here = await oneSite();
    await failOver(here, 'CRM');
    here.after(24 * 3600);
    const filter = { property: 'name', operation: 'equals', value: 'crm-db-01' };
    const [vm] = await here.items('/protectedData/virtualMachines', { Filter: filter });
    const points = await here.items(
      `/protectedData/virtualMachines/${String(vm?.['vmUidInVbr'])}/replicaRestorePoints`,
    );
    const newest = Date.parse(String(points[0]?.['creationDate']));
    expect(here.clock.now() - newest).toBeGreaterThan(24 * 3600 * 1000);
  });
});

describe('triggered alarms', () => {
  const scenario = {
    name: 'alarmed',
    vro: { plans: [] },
    alarms: ['a', 'b', 'c'].map((object) => ({ name: 'Disk is full', object, remediation: ['Free space'] })),
  };

  test.each([
    ['Resolve', 'Resolved'],
    ['Acknowledge', 'Acknowledged'],
    ['Action', 'Remediated'],
  ])('%s makes them %s, with a comment', async (resolveType, status) => {
    const { one, items, sim } = await oneSite({ scenario });
    await one.call('POST', `${ALARMS}/resolve`, { triggeredAlarmIds: [1, 3], comment: 'seen', resolveType });
    expect(await items(ALARMS, { Select: 'status,comment' })).toEqual([
      { status, comment: 'seen' },
      { status: 'Warning', comment: '' },
      { status, comment: 'seen' },
    ]);
    expect(sim.journal).toMatchObject([{ system: 'one', target: '1,3' }]);
  });

  test('are resolved all or none', async () => {
    const { one, items } = await oneSite({ scenario });
    const body = { triggeredAlarmIds: [1, 99], comment: '', resolveType: 'Resolve' };
    expect((await one.call('POST', `${ALARMS}/resolve`, body)).status).toBe(404);
    expect(await items(ALARMS, OPEN)).toHaveLength(3);
  });

  test('are resolved by their child alarms', async () => {
    const { one, items, get } = await oneSite({ scenario });
    const [child] = await items(`${ALARMS}/2/triggeredChildAlarms`);
    expect(child).toMatchObject({ triggeredAlarmId: 2, source: 'b' });
    const body = {
      triggeredChildAlarmIds: [child?.['childAlarmId']],
      comment: 'done',
      resolveType: 'resolve',
    };
    await one.call('POST', `${ALARMS}/2/triggeredChildAlarms/resolve`, body);
    expect(await get(`${ALARMS}/2`)).toMatchObject({ status: 'Resolved', comment: 'done' });
  });

  test('look different in v2.2', async () => {
    const { sim } = await oneSite({ scenario });
    const old = await oneClient(sim, 'v2.2');
    const { json } = await old.call('GET', `${ALARMS}/1`);
    expect(json).not.toHaveProperty('alarmSource');
    expect(json).toMatchObject({
      alarmAssignment: { objectName: 'a', objectType: 'VSphereVm' },
      remediation: [{ description: 'Free space', mode: 'Manual' }],
    });
    const filter = { property: 'alarmAssignment.objectName', operation: 'equals', value: 'a' };
    expect((await old.call('GET', `${ALARMS}${queryOf({ filter })}`)).json['totalCount']).toBe(1);
  });
});

test('agents and their backups are those of VBR', async () => {
  const { items, sim } = await oneSite();
  const backups = await items('/protectedData/computers/backups', { Select: 'backupUid,name' });
  const expected = sim.world.scenario.vbr.agentBackups.map(({ id, computer }) => ({
    backupUid: id,
    name: computer,
  }));
  expect(backups).toEqual(expected);
});

test('a VM that is not known has no restore points', async () => {
  const { get } = await oneSite();
  const unknown = '/protectedData/virtualMachines/11111111-1111-4111-8111-111111111111';
  expect(await get(unknown)).toEqual({ items: [], totalCount: 0 });
  expect(await get(`${unknown}/replicaRestorePoints`)).toEqual({ items: [], totalCount: 0 });
});
