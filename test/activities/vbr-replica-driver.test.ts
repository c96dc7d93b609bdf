import { describe, expect, test } from 'vitest';
import { replicasTarget } from '../../activities/vbr/replica-driver.ts';
import { findReplicas } from '../../activities/vbr/replicas.ts';
import type { CommandName } from '../../activities/drivers.ts';
import type { CommandDriver } from '../../activities/effects/driver.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { FailbackSpec, VbrClient } from '../../src/veeam/index.ts';
import { RUN } from './support.ts';
import { beforeSending, failOverInConsole, vbrSite, type VbrSite } from './vbr-support.ts';

const FAILOVER = 'failover/failoverNow/vSphere/snapshot';
const BOTH = { replicas: ['shop-db', 'shop-app'] };
const ONE = { replicas: ['shop-db'] };

/** Cuts the connection of the one request that starts failovers. */
function cut({ simulator }: VbrSite, when: 'before' | 'after', call = FAILOVER): void {
  simulator.faults.add({ kind: 'drop', system: 'vbr', call: `POST /api/v1/${call}`, when });
}

type Command = readonly [action: CommandName, more?: JsonObject];
const LATER: JsonObject = { switchover: 'manual' };
const drill = { run: RUN };

describe('a command on a machine', () => {
  test.each<readonly [Command[], string, string]>([
    [[['vbr.failover']], 'Failover', 'Failover'],
    [[['vbr.plannedFailover', { reason: 'a storm' }]], 'PlannedFailover', 'Failover'],
    [[['vbr.failover'], ['vbr.undoFailover']], 'UndoFailover', 'Ready'],
    [[['vbr.failover'], ['vbr.permanentFailover']], 'PermanentFailover', 'PermanentFailover'],
    [[['vbr.failover'], ['vbr.failback']], 'Failback', 'Failback'],
    [[['vbr.failover'], ['vbr.failback', LATER]], 'Failback', 'ReadyToSwitch'],
    [
      [['vbr.failover'], ['vbr.failback', LATER], ['vbr.switchToProduction']],
      'SwitchReplicaToProduction',
      'Failback',
    ],
    [[['vbr.failover'], ['vbr.failback'], ['vbr.commitFailback']], 'CommitFailback', 'Ready'],
    [[['vbr.failover'], ['vbr.failback'], ['vbr.undoFailback']], 'UndoFailback', 'Failover'],
    [[['vbr.failover'], ['vbr.failback', LATER], ['vbr.undoFailback']], 'UndoFailback', 'Failover'],
  ])('%j settles on its session %s and leaves it in %s', async (commands, type, state) => {
    const site = await vbrSite();
    let last;
    for (const [action, more = {}] of commands) last = await site.done(action, { ...ONE, ...more });
    expect(last).toMatchObject({
      outcome: 'succeeded',
      output: {
        result: 'Success',
        counts: { sessions: 1, succeeded: 1 },
        sessions: [{ replica: 'shop-db' }],
      },
    });
    const session = site.simulator.world.protection.sessions.list().at(-1);
    expect([session?.type, site.stateOf('shop-db'), site.stateOf('shop-app')]).toEqual([
      type,
      state,
      'Ready',
    ]);
  });

  test('has its session before that has ended', async () => {
    const site = await vbrSite();
    const { how, output } = await site.perform('vbr.failover', ONE);
    const [session] = site.simulator.world.protection.sessions.list();
    expect({ how, output }).toEqual({
      how: 'done',
      output: { sessions: [{ id: session?.id, replica: 'shop-db' }] },
    });
  });

  test('starts from the newest point that is not newer than was asked for', async () => {
    const site = await vbrSite();
    await site.perform('vbr.failover', { ...ONE, restorePoint: '2026-01-15T05:30:00Z' });
    const [session] = site.simulator.world.protection.sessions.list();
    const point = site.simulator.world.protection.replicas
      .points(site.simulator.world.protection.replicas.get(session?.replicaId ?? ''))
      .find(({ id }) => id === session?.pointId);
    expect(new Date(point?.at ?? 0).toISOString()).toBe('2026-01-15T05:25:00.000Z');
  });

  test('that its state does not allow is not sent', async () => {
    const site = await vbrSite();
    await expect(
      site.perform('vbr.commitFailback', { replicas: ['mail'] }, undefined, drill),
    ).rejects.toMatchObject({
      code: 'vbr.illegalState',
      details: { replicas: [{ name: 'mail', state: 'Ready' }] },
    });
    expect(site.requests('failback/commitFailback/vSphere/snapshot')).toBe(0);
  });

  test('whose goal holds already is satisfied without a session', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', ONE);
    const again = await site.perform('vbr.failover', ONE);
    expect(again).toMatchObject({ how: 'satisfied', output: { sessions: [] } });
    expect((await site.watch(again)).output).toMatchObject({ result: 'Success', counts: { sessions: 0 } });
  });
});

describe('a failover of several machines', () => {
  test('is one request and one session for each', async () => {
    const site = await vbrSite();
    const { outcome, output } = await site.done('vbr.failover', BOTH);
    expect([site.requests(FAILOVER), outcome]).toEqual([1, 'succeeded']);
    expect(output).toMatchObject({
      counts: { sessions: 2, succeeded: 2, failed: 0 },
      sessions: [{ replica: 'shop-db' }, { replica: 'shop-app' }],
    });
  });

  test('leaves those alone that are over there already', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', ONE);
    const { output } = await site.done('vbr.failover', BOTH);
    expect(output['sessions']).toMatchObject([{ replica: 'shop-app' }]);
  });

  test('names the machine whose session failed, and what that says', async () => {
    const site = await vbrSite();
    const message = 'The datastore is full';
    site.simulator.faults.add({ kind: 'failSession', vm: 'shop-app', session: 'Failover', message });
    await expect(site.done('vbr.failover', BOTH)).rejects.toMatchObject({
      code: 'vbr.sessionsFailed',
      message: `1 of 2 sessions of dr-backup failed. shop-app: ${message}`,
      details: {
        result: 'Failed',
        counts: { sessions: 2, succeeded: 1, failed: 1 },
        failed: [{ replica: 'shop-app', info: message }],
        more: 0,
      },
    });
  });

  test('is the same target in any order and by any name', async () => {
    const { connection } = await vbrSite();
    const targets = [
      ['shop-db', 'mail'],
      ['Replicate mail', 'shop-db'],
    ].map(async (names) => replicasTarget(connection, await findReplicas(connection, names)));
    expect(new Set(await Promise.all(targets)).size).toBe(1);
  });
});

describe('a failover whose answer was lost', () => {
  test('is found by its sessions and not sent again', async () => {
    const site = await vbrSite();
    cut(site, 'after');
    const command = await site.perform('vbr.failover', BOTH);
    const sessions = site.simulator.world.protection.sessions.list();
    expect(command).toMatchObject({
      how: 'adopted',
      output: { sessions: sessions.map(({ id, name }) => ({ id, replica: name })) },
    });
    expect([sessions.length, site.requests(FAILOVER)]).toEqual([2, 1]);
    site.finish();
    expect((await site.watch(command)).outcome).toBe('succeeded');
  });

  test('is told apart from failovers of the same machine before', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', ONE);
    await site.done('vbr.undoFailover', ONE);
    cut(site, 'after');
    const { output } = await site.perform('vbr.failover', ONE);
    const last = site.simulator.world.protection.sessions.list().at(-1);
    expect(output).toEqual({ sessions: [{ id: last?.id, replica: 'shop-db' }] });
  });

  test('is told apart from one of another machine that somebody else started', async () => {
    const site = await vbrSite();
    cut(site, 'after');
    const other = beforeSending(() => failOverInConsole(site, 'mail'));
    const { how, output } = await site.perform('vbr.failover', ONE, other);
    expect([how, output]).toMatchObject(['adopted', { sessions: [{ replica: 'shop-db' }] }]);
  });

  test.each<readonly [CommandName, string]>([
    ['vbr.undoFailover', 'failover/undoFailover/vSphere/snapshot'],
    ['vbr.permanentFailover', 'failover/permanentFailover/vSphere/snapshot'],
    ['vbr.failback', 'failback/failbackToProduction/vSphere/snapshot'],
  ])('is no other than %s', async (action, call) => {
    const site = await vbrSite();
    await site.done('vbr.failover', BOTH);
    cut(site, 'after', call);
    expect(await site.perform(action, BOTH)).toMatchObject({ how: 'adopted' });
    expect([site.requests(call), site.simulator.journal.length]).toEqual([1, 2]);
  });
});

describe('a failover that never arrived', () => {
  const INTENT = { run: RUN.firstExecutionId, path: 'vbr.failover', attempt: 1 };

  test('is a question for people when nobody can know', async () => {
    const site = await vbrSite();
    cut(site, 'before');
    await expect(site.perform('vbr.failover', BOTH)).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { seen: 'no trace of it' },
    });
    expect([site.requests(FAILOVER), site.simulator.journal]).toEqual([1, []]);
  });

  test('is certain when the server refused it', async () => {
    const site = await vbrSite();
    const call = `POST /api/v1/${FAILOVER}`;
    site.simulator.faults.add({ kind: 'error', system: 'vbr', call, status: 403 });
    await expect(site.perform('vbr.failover', BOTH)).rejects.toMatchObject({ code: 'veeam.forbidden' });
    expect(await site.deps.stores.intents.latest(INTENT)).toMatchObject({ result: { how: 'notDone' } });
  });

  test('is certain when the server was gone before it was sent', async () => {
    const site = await vbrSite();
    const gone = (driver: CommandDriver): CommandDriver => ({
      ...driver,
      send: async (observed, beforeSend) => {
        await site.simulator.close();
        return driver.send(observed, beforeSend);
      },
    });
    await expect(site.perform('vbr.failover', BOTH, gone)).rejects.toMatchObject({ effect: 'none' });
    expect(await site.deps.stores.intents.latest(INTENT)).toMatchObject({ result: { how: 'notDone' } });
  });

  test('is not taken for one of its machines that somebody else started', async () => {
    const site = await vbrSite();
    cut(site, 'before');
    const other = beforeSending(() => failOverInConsole(site, 'shop-app'));
    await expect(site.perform('vbr.failover', BOTH, other)).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { seen: '1 new Failover sessions for 1 of 2 machines' },
    });
  });
});

describe('a failover that somebody else started first', () => {
  test('is not sent a second time', async () => {
    const site = await vbrSite();
    const driver = site.driver('vbr.failover', ONE);
    let looks = 0;
    const between = {
      ...driver,
      observe: async () => {
        looks += 1;
        if (looks === 2) failOverInConsole(site, 'shop-db');
        return driver.observe();
      },
    };
    await expect(site.perform('vbr.failover', ONE, () => between)).rejects.toMatchObject({
      code: 'fence.targetChanged',
    });
    expect(site.requests(FAILOVER)).toBe(0);
  });

  test('is not ours in a drill, whose cleanup would undo it', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', ONE);
    const { satisfied, illegal } = await site.driver('vbr.failover', ONE, drill).observe();
    expect([satisfied, illegal?.code]).toEqual([undefined, 'vbr.illegalState']);
  });
});

test('a drill may fail over a machine that is listed by its name, and no other of its job', async () => {
  const policy = { drillAllow: ['dr-backup/replica/shop-db'], unattended: [] };
  const site = await vbrSite({ policy });
  await expect(site.perform('vbr.failover', BOTH, undefined, drill)).rejects.toMatchObject({
    code: 'fence.notAllowed',
  });
  expect(await site.perform('vbr.failover', ONE, undefined, drill)).toMatchObject({ how: 'done' });
});

describe('a failback to where the machines are now', () => {
  const original = { to: 'originalVm' };

  test('says of each machine where it is', async () => {
    const sent: FailbackSpec[] = [];
    const changeClient = (client: VbrClient): VbrClient => ({
      ...client,
      failback: {
        ...client.failback,
        start: async (spec, options) => {
          sent.push(spec);
          return client.failback.start(spec, options);
        },
      },
    });
    const site = await vbrSite({ changeClient });
    await site.done('vbr.failover', BOTH);
    const [db, app] = await findReplicas(site.connection, BOTH.replicas);
    const targets = [
      { replica: 'shop-app', host: 'vc.hq.example', vm: 'new-app' },
      { replica: db?.id ?? '', host: 'vc.hq.example', vm: 'new-db' },
    ];
    await site.done('vbr.failback', { ...BOTH, ...original, targets });
    expect(sent).toMatchObject([
      {
        type: 'OriginalVM',
        targetVM: [
          { replicaPointId: db?.points[0]?.id, destinationVM: { hostName: 'vc.hq.example', name: 'new-db' } },
          { replicaPointId: app?.points[0]?.id, destinationVM: { name: 'new-app' } },
        ],
      },
    ]);
  });

  test('is not sent when the place of one is missing', async () => {
    const site = await vbrSite();
    await site.done('vbr.failover', BOTH);
    const targets = [{ replica: 'shop-db', host: 'vc.hq.example', vm: 'new' }];
    await expect(site.perform('vbr.failback', { ...BOTH, ...original, targets })).rejects.toMatchObject({
      code: 'step.badInput',
      message: 'vbr.failback to originalVm needs a target for shop-app.',
    });
    expect(site.requests('failback/failbackToProduction/vSphere/snapshot')).toBe(0);
  });
});

describe('the time of a switchover', () => {
  const call = 'failback/changeSwitchoverTime/vSphere/snapshot';

  /** A machine that waits for its switchover. */
  async function waiting(): Promise<VbrSite> {
    const site = await vbrSite();
    await site.done('vbr.failover', ONE);
    await site.done('vbr.failback', { ...ONE, ...LATER });
    return site;
  }

  test('is moved', async () => {
    const site = await waiting();
    const change = await site.perform('vbr.changeSwitchoverTime', { ...ONE, switchover: 'auto' });
    expect(change).toMatchObject({ how: 'done', output: { replicas: ['shop-db'], switchover: 'auto' } });
    site.finish();
    expect(site.stateOf('shop-db')).toBe('Failback');
  });

  test('is not moved where there is none', async () => {
    const site = await vbrSite();
    await expect(site.perform('vbr.changeSwitchoverTime', ONE)).rejects.toMatchObject({
      code: 'vbr.illegalState',
    });
    expect(site.requests(call)).toBe(0);
  });

  test('is a question for people when the answer was lost: VBR does not show it', async () => {
    const site = await waiting();
    cut(site, 'after', call);
    await expect(site.perform('vbr.changeSwitchoverTime', ONE)).rejects.toMatchObject({
      code: 'effect.unclear',
    });
    expect(site.requests(call)).toBe(1);
  });
});
