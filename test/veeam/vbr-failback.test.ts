import { expect, test } from 'vitest';
import type { FailbackSpec, InventoryObject } from '../../src/veeam/index.ts';
import { checkAgainst, specOf } from '../support/spec-check.ts';
import { containing, failureOf, fakeVeeam, vbrClient } from './fake-server.ts';

const POINT = 'c8435ccb-5ecf-4fa5-b429-f703b9a37bef';
const object = (type: string, name: string): InventoryObject => ({
  platform: 'VMware',
  hostName: 'vc.dr.example',
  name,
  type,
});

const SPECS: readonly FailbackSpec[] = [
  {
    type: 'OriginalLocation',
    replicaPointIds: [POINT],
    quickRollback: true,
    failbackMode: { type: 'Auto' },
  },
  {
    type: 'OriginalVM',
    replicaPointIds: [POINT],
    drSiteProxyId: [POINT],
    productionSiteProxyId: [POINT],
    targetVM: [{ replicaPointId: POINT, destinationVM: object('VirtualMachine', 'erp-db') }],
    failbackMode: { type: 'Manual' },
  },
  {
    type: 'Customized',
    replicaPointIds: [POINT],
    powerOnTargetVM: false,
    destinationhost: [{ replicaPointId: POINT, host: object('Host', 'esx1') }],
    resourcePool: [{ replicaPointId: POINT, resourcePool: object('ResourcePool', 'prod') }],
    datastore: [
      {
        vmObject: object('VirtualMachine', 'erp-db'),
        disks: [{ diskName: 'disk1', datastore: object('Datastore', 'ds1'), diskType: 'Thin' }],
      },
    ],
    folder: {
      restoreVMTags: true,
      folderMapping: [{ replicaPointId: POINT, folder: object('Folder', 'erp') }],
    },
    network: [
      {
        replicaPointId: POINT,
        networks: [{ sourceNetwork: object('Network', 'dr'), targetNetwork: object('Network', 'prod') }],
      },
    ],
    failbackMode: { type: 'Scheduled', scheduledTime: '2026-11-22T02:00:00Z' },
  },
];

test.each(SPECS.map((spec) => [spec.type, spec] as const))(
  'a failback to %s is sent as it is given, and as the vendor specifies',
  async (_, spec) => {
    const server = await fakeVeeam(() => ({
      status: 201,
      json: { data: [], pagination: { total: 0, count: 0 } },
    }));

    await vbrClient(server.url).failback.start(spec);

    const sent: unknown = JSON.parse(server.to('/failbackToProduction/vSphere/snapshot')[0]?.body ?? '');
    expect(sent).toEqual(spec);
    expect(checkAgainst(specOf('vbr-1.2-rev1'), 'ViVMSnapshotReplicaFailbackSpec', sent)).toEqual([]);
  },
);

test('an authorization code that a server echoes does not get into an error', async () => {
  const code = 'AAEAAPcbxUSe0PNKAN';
  const server = await fakeVeeam(({ path }) =>
    path.endsWith('authorization_code')
      ? { json: { code } }
      : { status: 400, json: { errorCode: 'UnexpectedContent', message: `bad code ${code}` } },
  );
  const vbr = vbrClient(server.url);

  expect(await vbr.authorizationCode.create()).toEqual({ code });
  expect(await failureOf(vbr.sessions.stop(POINT))).toMatchObject({
    message: containing('bad code [hidden]'),
  });
});
