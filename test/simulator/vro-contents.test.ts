import { expect, test } from 'vitest';
import { site } from './support.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

test('a plan shows its groups, machines, steps and parameters', async () => {
  const { vro, idOf } = await site();
  const read = async (path: string) => (await vro.call('GET', `/Plans/${idOf('ERP')}${path}`)).json;
  const groups = await read('/Groups');
  expect(groups.data).toMatchObject([
    { name: 'ERP database', groupType: 'VmGroup', vmsCriticality: 'AllCritical', executionType: 'Replica' },
    { name: 'ERP application', vmsCriticality: 'AllNotCritical' },
    { name: 'ERP web' },
  ]);
  const vms = await read(`/groups/${groups.data?.[1]?.id ?? ''}/VMs`);
  expect(vms).toMatchObject({
    total: 2,
    data: [
      { name: 'erp-app-01', voId: 502, number: 3, isCritical: false },
      { name: 'erp-app-02', voId: 503, number: 4 },
    ],
  });
  const steps = await read(`/Vms/${vms.data?.[0]?.id ?? ''}/Steps`);
  expect(steps).toMatchObject({ total: 4, data: [{ actionType: 'CheckVmLicense' }, {}, {}, {}] });
  const parameters = await read(`/Steps/${steps.data?.[1]?.id ?? ''}/Parameters`);
  expect(parameters.data).toMatchObject([
    { name: 'Critical step', value: 'True' },
    { name: 'Timeout', value: '600' },
    { name: 'Retries', value: '0' },
  ]);
});

test('the steps of a virtual group and their own parameters are shown', async () => {
  const step = { name: 'Send mail', seconds: 5, parameters: { Recipient: 'dr@example.org' } };
  const scenario = worldOf([{ name: 'PLAN', groups: [{ name: 'Before', steps: [step] }] }]);
  const { vro, idOf, sim } = await site({ scenario });
  const group = sim.world.plan('PLAN').spec.groups[0]?.id ?? '';
  const base = `/Plans/${idOf('PLAN')}`;
  const steps = (await vro.call('GET', `${base}/Groups/${group}/Steps`)).json;
  expect(steps).toMatchObject({ total: 1, data: [{ name: 'Send mail' }] });
  const { json } = await vro.call('GET', `${base}/Steps/${steps.data?.[0]?.id ?? ''}/Parameters`);
  expect(json.data?.at(-1)).toMatchObject({ name: 'Recipient', value: 'dr@example.org' });
});

test.each(['Groups/x/Vms', 'Groups/x/Steps', 'Vms/x/Steps', 'Steps/x/Parameters'])(
  'unknown contents %s are not found',
  async (path) => {
    const { vro, idOf } = await site();
    expect((await vro.call('GET', `/Plans/${idOf('ERP')}/${path}`)).status).toBe(404);
  },
);

test('a group has either machines or steps', async () => {
  const plans = [{ name: 'PLAN', groups: [{ name: 'Neither' }] }];
  await expect(site({ scenario: worldOf(plans) })).rejects.toMatchObject({ code: 'INVALID_SCENARIO' });
});

test('a plan in an unknown scope is no scenario', async () => {
  const plans = [planInput('PLAN', { scope: 'Moon' })];
  await expect(site({ scenario: worldOf(plans) })).rejects.toMatchObject({ code: 'INVALID_SCENARIO' });
});

test('recovery locations are sorted by type and name', async () => {
  const locations = [{ name: 'Zeta' }, { name: 'Azure', type: 'AzureCloud' as const }];
  const { vro } = await site({ scenario: worldOf([], { recoveryLocations: locations }) });
  const sort = '[{"property":"type","direction":"ASC"},{"property":"name","direction":"ASC"}]';
  const { json } = await vro.call('GET', `/RecoveryLocations?sort=${sort}&start=1`);
  expect([json.total, json.data?.map((location) => location.name)]).toEqual([
    4,
    ['Original VM Location', 'Recovery Site', 'Zeta'],
  ]);
});

test('one recovery location is read by its id', async () => {
  const { vro } = await site();
  const { data } = (await vro.call('GET', '/RecoveryLocations')).json;
  const original = data?.find((location) => location['isOriginal'] === true);
  expect((await vro.call('GET', `/recoverylocations/${original?.id ?? ''}`)).json).toEqual(original);
  expect((await vro.call('GET', '/RecoveryLocations/x')).status).toBe(404);
});

test.each(['/License/Usage', '/LicenseUsage'])('license usage is counted at %s', async (base) => {
  const { vro, idOf, sim } = await site();
  const usage = async (path: string) => (await vro.call('GET', `${base}${path}`)).json;
  expect(
    await Promise.all([
      usage('/Server'),
      usage(`/Scopes/${sim.world.scenario.vro.scope.id}`),
      usage(`/Plans/${idOf('ERP')}`),
    ]),
  ).toEqual([
    { newInstances: 0, managedInstances: 13 },
    { newInstances: 0, managedInstances: 13 },
    { newInstances: 0, managedInstances: 6 },
  ]);
});

test('groupsType came with v7.2', async () => {
  const { vro } = await site();
  const has = async (version: string): Promise<boolean> =>
    'groupsType' in ((await vro.call('GET', `/../${version}/Plans`)).json.data?.[0] ?? {});
  expect([await has('v7.1'), await has('v7.2'), await has('v7.21')]).toEqual([false, true, true]);
});
