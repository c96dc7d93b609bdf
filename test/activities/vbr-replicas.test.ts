import { describe, expect, test } from 'vitest';
import { VBR_READS } from '../../activities/vbr/reads.ts';
import { findReplicas } from '../../activities/vbr/replicas.ts';
import type { ReplicaPoint, VbrClient } from '../../src/veeam/index.ts';
import { vbrSite, type VbrSite } from './vbr-support.ts';

const JOB = 'Replicate shop';

function idOf({ simulator }: VbrSite, machine: string): string {
  return simulator.world.protection.replicas.find(machine)?.id ?? '';
}

/** A server whose points look different. Lists come unfiltered, as a server may that knows the filter otherwise. */
function withPoints(change: (point: ReplicaPoint) => ReplicaPoint): (client: VbrClient) => VbrClient {
  return (client) => {
    const { replicaPoints } = client;
    return {
      ...client,
      replicaPoints: {
        ...replicaPoints,
        all: async () => {
          const { total, data } = await replicaPoints.all();
          return { total, data: data.map(change) };
        },
        of: (id) => {
          const points = replicaPoints.of(id);
          return {
            ...points,
            all: async (query, options) => {
              const { total, data } = await points.all(query, options);
              return { total, data: data.map(change) };
            },
          };
        },
      },
    };
  };
}

describe('a replica', () => {
  test('is found by the name of its machine, in a job that has several', async () => {
    const site = await vbrSite();
    const found = await findReplicas(site.connection, ['shop-app', 'shop-db']);
    expect(found).toMatchObject([
      { id: idOf(site, 'shop-app'), name: 'shop-app', job: JOB, state: 'Ready' },
      { id: idOf(site, 'shop-db'), name: 'shop-db', job: JOB, state: 'Ready' },
    ]);
  });

  test('is found by its id, under the name of its machine', async () => {
    const site = await vbrSite();
    const id = idOf(site, 'shop-db');
    const [found] = await findReplicas(site.connection, [id]);
    expect(found).toMatchObject({ id, name: 'shop-db', job: JOB });
  });

  test('that is named by its machine and by its id is one', async () => {
    const site = await vbrSite();
    const found = await findReplicas(site.connection, ['mail', idOf(site, 'mail'), 'Replicate mail']);
    expect(found).toHaveLength(1);
  });

  test('is found by its job when that has one machine only', async () => {
    const site = await vbrSite();
    const [found] = await findReplicas(site.connection, ['Replicate mail']);
    expect(found).toMatchObject({ id: idOf(site, 'mail'), name: 'mail' });
  });

  test('is not guessed by a job of several machines', async () => {
    const site = await vbrSite();
    await expect(findReplicas(site.connection, [JOB])).rejects.toMatchObject({
      code: 'veeam.ambiguousName',
      message: expect.stringContaining('a job of dr-backup that has 2 replicas') as string,
    });
  });

  test('is not guessed when a machine has two', async () => {
    const changeClient = withPoints((point) =>
      point.name === 'shop-app' ? { ...point, name: 'shop-db' } : point,
    );
    const site = await vbrSite({ changeClient });
    await expect(findReplicas(site.connection, ['shop-db'])).rejects.toMatchObject({
      code: 'veeam.ambiguousName',
      details: { replicas: [idOf(site, 'shop-db'), idOf(site, 'shop-app')] },
    });
  });

  test('is not found by a name that its machine had before', async () => {
    const before = Date.parse('2026-01-15T05:30:00Z');
    const site = await vbrSite({
      changeClient: withPoints((point) =>
        Date.parse(point.creationTime) < before ? { ...point, name: 'old-name' } : point,
      ),
    });
    await expect(findReplicas(site.connection, ['old-name'])).rejects.toMatchObject({
      code: 'vbr.replicaNotFound',
    });
  });

  test.each(['nothing', 'SHOP-DB', 'shop-*'])('is not found by %s', async (name) => {
    const { connection } = await vbrSite();
    await expect(findReplicas(connection, [name])).rejects.toMatchObject({ code: 'vbr.replicaNotFound' });
  });
});

describe('the list of replicas', () => {
  const { signal } = new AbortController();
  const list = (site: VbrSite, input: { name?: string; state?: string }) =>
    VBR_READS['vbr.replicas'](site.deps, input, { connection: 'dr-backup', signal });

  test('names the machines and their jobs', async () => {
    const site = await vbrSite();
    const { replicas, total, more } = await list(site, {});
    expect(replicas.map(({ name, job }) => [name, job]).sort()).toEqual([
      ['mail', 'Replicate mail'],
      ['shop-app', JOB],
      ['shop-db', JOB],
    ]);
    expect([total, more]).toEqual([3, 0]);
  });

  test('is filtered by machine and state', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', { replicas: ['shop-db'] });
    const names = async (input: { name?: string; state?: string }): Promise<string[]> =>
      (await list(site, input)).replicas.map(({ name }) => name).sort();
    expect(await names({ name: 'shop-*' })).toEqual(['shop-app', 'shop-db']);
    expect(await names({ name: 'shop-*', state: 'Ready' })).toEqual(['shop-app']);
    expect(await names({ state: 'Failover' })).toEqual(['shop-db']);
  });

  test('is cut, and says what is missing', async () => {
    const vms = Array.from({ length: 60 }, (_, index) => ({
      name: `vm-${String(index).padStart(2, '0')}`,
      isReplicated: true,
    }));
    const site = await vbrSite({ scenario: { name: 'many', vro: { plans: [] }, vbr: { vms } } });
    for (const input of [{}, { name: 'vm-*' }]) {
      const { replicas, total, more } = await list(site, input);
      expect([replicas.length, total, more]).toEqual([50, 60, 10]);
    }
  });
});

test('the points of a machine are listed, newest first', async () => {
  const site = await vbrSite();
  const { signal } = new AbortController();
  const { replica, points, total } = await VBR_READS['vbr.replicaPoints'](
    site.deps,
    { replica: 'shop-db' },
    { connection: 'dr-backup', signal },
  );
  expect([replica.name, points.length, total]).toEqual(['shop-db', 8, 8]);
  expect(points.slice(0, 2)).toMatchObject([
    { created: '2026-01-15T05:55:00.000Z', state: 'Ready', malware: 'Clean' },
    { created: '2026-01-15T05:40:00.000Z' },
  ]);
});
