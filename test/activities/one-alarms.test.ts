import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { siteOf, type Site, type SiteOptions } from './site.ts';

const READ_ALARM = 'GET /alarms/triggeredAlarms/{triggeredAlarmId}';
const RESOLVE = 'POST /alarms/triggeredAlarms/resolve';
type AlarmInput = NonNullable<Scenario['alarms']>[number];

/** Four alarms, ids 1 to 4; the third is closed already. */
const ALARMS: readonly AlarmInput[] = [
  { name: 'Datastore is full', object: 'ds-01', objectType: 'Datastore', status: 'Warning', ageSeconds: 60 },
  { name: 'Host is down', object: 'esx-01', objectType: 'Host', status: 'Error', ageSeconds: 600 },
  { name: 'Host is down', object: 'esx-02', objectType: 'Host', status: 'Resolved' },
  { name: 'Backup is slow', object: 'db-01', status: 'Information', ageSeconds: 6 },
];

function alarmed(alarms: readonly AlarmInput[] = ALARMS, options: SiteOptions = {}): Promise<Site> {
  return siteOf({ scenario: { name: 'alarmed', vro: { plans: [] }, alarms: [...alarms] }, ...options });
}

const closing = { alarms: [1, 2], comment: 'after the drill' };

function statesOf({ simulator }: Site): string[] {
  return simulator.world.protection.alarms.list().map(({ status }) => status);
}

function callsTo({ simulator }: Site): string[] {
  return simulator.journal.map(({ call }) => call);
}

describe('one.openAlarms', () => {
  test('lists those that are open, the worst first', async () => {
    const { run } = await alarmed();
    expect((await run('one.openAlarms', {})).output).toEqual({
      counts: { errors: 1, warnings: 1, information: 0 },
      alarms: [
        {
          id: 2,
          name: 'Host is down',
          status: 'Error',
          object: 'esx-01',
          objectType: 'VSphereHost',
          since: '2026-01-15T05:50:00.000Z',
          description: '',
        },
        expect.objectContaining({ id: 1, status: 'Warning', object: 'ds-01' }),
      ],
      more: 0,
    });
  });

  test.each([
    [{ severity: 'Error' }, [2]],
    [{ severity: 'Information' }, [2, 1, 4]],
    [{ objects: ['DS-01'] }, [1]],
    [{ nameContains: 'down' }, [2]],
    [{ objects: ['esx-02'] }, []],
  ])('lists those of %o', async (given, ids) => {
    const { run } = await alarmed();
    const { alarms } = (await run('one.openAlarms', given)).output as { alarms: { id: number }[] };
    expect(alarms.map(({ id }) => id)).toEqual(ids);
  });

  test('fails where none is expected, and names the worst', async () => {
    const { run } = await alarmed();
    await expect(run('one.openAlarms', { expectNone: true })).rejects.toMatchObject({
      type: 'check.failed',
      message: 'Open alarms in hq: 2. The worst is "Host is down" of esx-01, since 2026-01-15T05:50:00.000Z.',
      details: [{ counts: { errors: 1, warnings: 1 }, alarms: [{ id: 2 }, { id: 1 }] }],
    });
  });

  test('succeeds where none is expected and none is open', async () => {
    const { run } = await alarmed();
    const { output } = await run('one.openAlarms', { objects: ['esx-02'], expectNone: true });
    expect(output).toMatchObject({ alarms: [], more: 0 });
  });

  test('lists fifty, the newest of the worst first, and counts the rest', async () => {
    const many = Array.from({ length: 80 }, (_, index) => ({
      name: 'Host is down',
      object: `esx-${index}`,
      status: index < 3 ? ('Error' as const) : ('Warning' as const),
      ageSeconds: 1_000 - index,
    }));
    const { run } = await alarmed(many);
    const { output } = await run('one.openAlarms', {});
    const { alarms } = output as { alarms: { object: string }[] };
    expect(output).toMatchObject({ counts: { errors: 3, warnings: 77 }, more: 30 });
    expect(alarms.slice(0, 4).map(({ object }) => object)).toEqual(['esx-2', 'esx-1', 'esx-0', 'esx-79']);
  });

  test('fails rather than leave out alarms that it could not read', async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => ({
      name: 'Host is down',
      object: `esx-${index}`,
    }));
    const { run } = await alarmed(many);
    await expect(run('one.openAlarms', {})).rejects.toMatchObject({
      type: 'veeam.tooLarge',
      message: expect.stringContaining('hq has 5001 items, of which 5000 could be read') as string,
    });
  });

  test('shows the machines that a failover has left without a replica', async () => {
    const site = await siteOf();
    site.simulator.world.command('CRM', { action: 'Failover' });
    site.world.advance(3_600_000);
    const { output } = await site.run('one.openAlarms', { nameContains: 'no replica' });
    expect(output).toMatchObject({ counts: { warnings: 2 } });
  });
});

describe('one.alarm', () => {
  test('reads one alarm', async () => {
    const { run } = await alarmed();
    expect((await run('one.alarm', { alarm: 3 })).output).toMatchObject({ id: 3, status: 'Resolved' });
  });

  test('fails when there is none', async () => {
    const { run } = await alarmed();
    await expect(run('one.alarm', { alarm: 99 })).rejects.toMatchObject({ type: 'veeam.notFound' });
  });
});

describe('one.resolveAlarms', () => {
  test('resolves alarms, with a comment', async () => {
    const site = await alarmed();
    expect(await site.run('one.resolveAlarms', closing)).toMatchObject({
      how: 'done',
      output: { alarms: [1, 2], how: 'resolve' },
    });
    expect(statesOf(site)).toEqual(['Resolved', 'Resolved', 'Resolved', 'Information']);
    expect(site.simulator.journal).toMatchObject([{ body: { comment: 'after the drill' } }]);
  });

  test('acknowledges them when told so', async () => {
    const site = await alarmed();
    await site.run('one.resolveAlarms', { ...closing, how: 'acknowledge' });
    expect(statesOf(site).slice(0, 2)).toEqual(['Acknowledged', 'Acknowledged']);
  });

  test('names only those that are open', async () => {
    const site = await alarmed();
    await site.run('one.resolveAlarms', { ...closing, alarms: [3, 2, 2] });
    expect(site.simulator.journal).toMatchObject([{ target: '2' }]);
  });

  test('sends nothing when all are closed', async () => {
    const site = await alarmed();
    expect(await site.run('one.resolveAlarms', { ...closing, alarms: [3] })).toMatchObject({
      how: 'satisfied',
    });
    expect(callsTo(site)).toEqual([]);
  });

  test('is sent once when the answer is lost, and adopted', async () => {
    const site = await alarmed();
    site.simulator.faults.add({ kind: 'drop', system: 'one', call: RESOLVE, when: 'after' });
    expect(await site.run('one.resolveAlarms', closing)).toMatchObject({ how: 'adopted' });
    expect(callsTo(site)).toEqual([RESOLVE]);
  });

  test('asks people when it may never have arrived', async () => {
    const site = await alarmed();
    site.simulator.faults.add({ kind: 'drop', system: 'one', call: RESOLVE, when: 'before' });
    await expect(site.run('one.resolveAlarms', { ...closing, alarms: [1, 2, 3] })).rejects.toMatchObject({
      type: 'effect.unclear',
      details: [{ seen: 'no trace of it' }],
    });
    expect(callsTo(site)).toEqual([]);
  });

  test('stops when one of them was closed meanwhile', async () => {
    const site = await alarmed();
    const { alarms } = site.simulator.world.protection;
    // The observation reads both alarms, the fence reads them again: in between somebody else acts.
    const held = site.simulator.faults.add({ kind: 'hold', system: 'one', call: READ_ALARM, after: 2 });
    const failed = expect(site.run('one.resolveAlarms', closing)).rejects.toMatchObject({
      type: 'fence.targetChanged',
    });
    await held.arrived;
    alarms.resolve([1], { comment: 'seen', resolveType: 'Resolve' });
    held.release();
    await failed;
    expect(callsTo(site)).toEqual([]);
  });
});
