import { describe, expect, test } from 'vitest';
import { VBR_READS } from '../../activities/vbr/reads.ts';
import { beforeSending, failOverInConsole, vbrSite, type VbrSite } from './vbr-support.ts';

const READ = 'GET /api/v1/sessions/{id}';
const STOP = 'sessions/{id}/stop';
const RESCAN = 'replicas/rescan';

/** The ids of failovers that somebody has started in VBR's console. */
function failovers(site: VbrSite, ...machines: string[]): string[] {
  for (const machine of machines) failOverInConsole(site, machine);
  return site.simulator.world.protection.sessions.list().map(({ id }) => id);
}

describe('watching sessions', () => {
  test('ends when all have ended', async () => {
    const site = await vbrSite();
    const sessions = failovers(site, 'shop-db', 'mail');
    const watched = site.watch(undefined, { sessions });
    await expect.poll(() => looksAt(site), { timeout: 20_000 }).toBeGreaterThan(4);
    site.finish();
    const { outcome, output } = await watched;
    expect([outcome, output]).toMatchObject([
      'succeeded',
      {
        result: 'Success',
        counts: { sessions: 2, succeeded: 2, warnings: 0, failed: 0 },
        sessions: [
          { id: sessions[0], replica: 'shop-db' },
          { id: sessions[1], replica: 'mail' },
        ],
        startedAt: '2026-01-15T06:00:00.000Z',
        finishedAt: '2026-01-15T06:01:00.000Z',
      },
    ]);
  });

  test('counts a session that is named twice once', async () => {
    const site = await vbrSite();
    const [session = ''] = failovers(site, 'mail');
    site.finish();
    const { output } = await site.watch(undefined, { sessions: [session, session] });
    expect(output).toMatchObject({ counts: { sessions: 1 } });
  });

  test('goes on while the server is away', async () => {
    const site = await vbrSite();
    const sessions = failovers(site, 'mail');
    site.simulator.faults.add({ kind: 'error', system: 'vbr', call: READ, status: 500, times: 5 });
    site.finish();
    const { outcome, output } = await site.watch(undefined, { sessions });
    expect(outcome).toBe('succeeded');
    expect(output['polls']).toBeGreaterThan(1);
  });

  test('warns when a session ended with a warning', async () => {
    const site = await vbrSite();
    const fault = { kind: 'failSession', vm: 'mail', result: 'Warning', message: 'Tools are old' } as const;
    site.simulator.faults.add(fault);
    const sessions = failovers(site, 'mail', 'shop-db');
    site.finish();
    expect(await site.watch(undefined, { sessions })).toMatchObject({
      outcome: 'warned',
      output: { result: 'Warning', counts: { succeeded: 1, warnings: 1, failed: 0 }, failed: [] },
    });
  });

  test('lists at most 50 of those that failed', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `vm-${String(index + 1)}`);
    const vms = names.map((name) => ({ name, isReplicated: true }));
    const site = await vbrSite({ scenario: { name: 'many', vro: { plans: [] }, vbr: { vms } } });
    site.simulator.faults.add({ kind: 'failSession', failures: 55, message: 'x'.repeat(1_000) });
    const sessions = failovers(site, ...names);
    site.finish();
    const failure: unknown = await site.watch(undefined, { sessions }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'vbr.sessionsFailed',
      details: { counts: { sessions: 60, succeeded: 5, failed: 55 }, more: 5 },
    });
    expect(JSON.stringify(failure).length).toBeLessThan(64 * 1_024);
  });

  test('fails for a session that does not exist', async () => {
    const site = await vbrSite();
    const sessions = ['11111111-1111-4111-8111-111111111111'];
    await expect(site.watch(undefined, { sessions })).rejects.toMatchObject({ code: 'veeam.notFound' });
  });
});

function looksAt({ simulator }: VbrSite): number {
  return simulator.faults.requests().find(({ call }) => call === READ)?.requests ?? 0;
}

test('a session is read with its result', async () => {
  const site = await vbrSite();
  const [session = ''] = failovers(site, 'mail');
  const { signal } = new AbortController();
  const read = () => VBR_READS['vbr.session'](site.deps, { session }, { connection: 'dr-backup', signal });
  expect(await read()).toMatchObject({ name: 'mail', type: 'Failover', result: 'None', finishedAt: null });
  site.finish();
  expect(await read()).toMatchObject({
    state: 'Stopped',
    result: 'Success',
    progress: 100,
    finishedAt: '2026-01-15T06:01:00.000Z',
  });
});

describe('stopping a session', () => {
  const running = async (): Promise<{ site: VbrSite; session: string }> => {
    const site = await vbrSite();
    const [session = ''] = failovers(site, 'mail');
    return { site, session };
  };

  test('makes it end as cancelled', async () => {
    const { site, session } = await running();
    const command = await site.perform('vbr.stopSession', { session });
    expect(command).toMatchObject({ how: 'done', output: { session, state: 'Stopping' } });
    site.finish();
    await expect(site.watch(undefined, { sessions: [session] })).rejects.toMatchObject({
      code: 'vbr.sessionsFailed',
      message: '1 of 1 sessions of dr-backup failed. mail: Operation was canceled by user.',
    });
  });

  test('needs nothing when it has ended', async () => {
    const { site, session } = await running();
    site.finish();
    expect(await site.perform('vbr.stopSession', { session })).toMatchObject({
      how: 'satisfied',
      note: 'nothing to do: the session is Stopped',
    });
    expect(site.requests(STOP)).toBe(0);
  });

  test('is seen in its state when the answer was lost', async () => {
    const { site, session } = await running();
    site.simulator.faults.add({ kind: 'drop', system: 'vbr', call: `POST /api/v1/${STOP}`, when: 'after' });
    expect(await site.perform('vbr.stopSession', { session })).toMatchObject({
      how: 'adopted',
      output: { session, state: 'Stopping' },
    });
    expect(site.requests(STOP)).toBe(1);
  });

  test('is a question for people when the session goes on', async () => {
    const { site, session } = await running();
    site.simulator.faults.add({ kind: 'drop', system: 'vbr', call: `POST /api/v1/${STOP}` });
    await expect(site.perform('vbr.stopSession', { session })).rejects.toMatchObject({
      code: 'effect.unclear',
    });
    expect(site.requests(STOP)).toBe(1);
  });
});

describe('a rescan', () => {
  const REPLICAS = { replicas: ['shop-db', 'mail'] };

  test('is one session for all its machines', async () => {
    const site = await vbrSite();
    const { output } = await site.done('vbr.rescanReplicas', REPLICAS);
    const replicaIds = REPLICAS.replicas.map(
      (name) => site.simulator.world.protection.replicas.find(name)?.id,
    );
    expect(output).toMatchObject({ result: 'Success', counts: { sessions: 1 } });
    expect(site.simulator.journal).toMatchObject([{ body: { replicaIds } }]);
  });

  test('is found when the answer was lost, and not sent again', async () => {
    const site = await vbrSite();
    await site.done('vbr.rescanReplicas', REPLICAS);
    site.simulator.faults.add({ kind: 'drop', system: 'vbr', call: `POST /api/v1/${RESCAN}`, when: 'after' });
    const { how, output } = await site.perform('vbr.rescanReplicas', REPLICAS);
    const last = site.simulator.world.protection.sessions.list().at(-1);
    expect([how, output]).toMatchObject(['adopted', { sessions: [{ id: last?.id }] }]);
    expect(site.requests(RESCAN)).toBe(2);
  });

  test('is not told from one that somebody else started meanwhile', async () => {
    const site = await vbrSite();
    site.simulator.faults.add({ kind: 'drop', system: 'vbr', call: `POST /api/v1/${RESCAN}`, when: 'after' });
    const other = beforeSending(() => site.simulator.world.protection.rescan([]));
    await expect(site.perform('vbr.rescanReplicas', REPLICAS, other)).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { seen: '2 new rescans, of which one may be ours' },
    });
  });
});
