import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { planInput } from '../simulator/vro-scenarios.ts';
import { siteOf, type Site } from './site.ts';

const HOUR_S = 3_600;
type Protected = NonNullable<NonNullable<Scenario['vbr']>['vms']>[number];

/** Machines that are replicated every quarter of an hour and backed up every day; of some the jobs have stopped. */
function estate(vms: readonly string[], own: readonly Protected[]): Promise<Site> {
  const scenario: Scenario = {
    name: 'estate',
    vro: { plans: [planInput('PLAN', { vms: [...vms] })] },
    vbr: { vms: [...own] },
  };
  return siteOf({ scenario });
}

/** Neither replicated nor backed up for so long. */
function stale(name: string, hours: number): Protected {
  const rhythm = { isStopped: true, newestAgeSeconds: hours * HOUR_S };
  return { name, replication: rhythm, backup: rhythm };
}

test('machines that meet their objective are counted', async () => {
  const { run } = await estate(['a', 'b'], []);
  expect(await run('one.checkRpo', { target: '1h' })).toMatchObject({
    output: {
      result: 'Success',
      counts: { vms: 2, met: 2, missed: 0 },
      oldestMinutes: 5,
      failed: [],
      more: 0,
    },
  });
});

test('those that miss it are listed, the oldest first', async () => {
  const { run } = await estate(['a', 'b', 'c'], [stale('a', 2), stale('c', 26)]);
  await expect(run('one.checkRpo', { target: '1h' })).rejects.toMatchObject({
    type: 'check.failed',
    message: '2 of 3 machines miss their restore point objective of 1h. The worst, c, is 1560 minutes old.',
    details: [
      {
        result: 'Error',
        counts: { vms: 3, met: 1, missed: 2 },
        oldestMinutes: 1_560,
        failed: [
          { vm: 'c', ageMinutes: 1_560, newest: '2026-01-14T04:00:00.000Z' },
          { vm: 'a', ageMinutes: 120 },
        ],
        more: 0,
      },
    ],
  });
});

test('a machine without any restore point is the worst', async () => {
  const none = { points: 0 };
  const { run } = await estate(['a', 'b'], [stale('a', 26), { name: 'b', replication: none, backup: none }]);
  await expect(run('one.checkRpo', { target: '1h' })).rejects.toMatchObject({
    message: expect.stringContaining('The worst, b, has no restore point.') as string,
    details: [{ failed: [{ vm: 'b', newest: null, ageMinutes: null }, { vm: 'a' }] }],
  });
});

test('fifty are listed, and the rest is counted', async () => {
  const names = Array.from({ length: 70 }, (_, index) => `vm-${index}`);
  const { run } = await estate(
    names,
    names.map((name, index) => stale(name, 25 + index)),
  );
  const failure = await run('one.checkRpo', { target: '24h' }).catch((error: unknown) => error);
  const [finding] = (failure as { details: [{ failed: { vm: string }[]; more: number }] }).details;
  expect([finding.failed.length, finding.more]).toEqual([50, 20]);
  expect(finding.failed[0]?.vm).toBe('vm-69');
});

test.each([
  ['23h', false],
  ['25h', true],
])('a point of a day ago and a target of %s: met is %s', async (target, isMet) => {
  const { run } = await estate(['a'], [stale('a', 24)]);
  const met = await run('one.checkRpo', { target }).then(
    () => true,
    () => false,
  );
  expect(met).toBe(isMet);
});

test('only named machines are compared, whatever the case of their letters', async () => {
  const { run } = await estate(['a', 'B'], [stale('a', 26)]);
  expect(await run('one.checkRpo', { target: '1h', vms: ['b'] })).toMatchObject({
    output: { counts: { vms: 1, met: 1 } },
  });
});

test('a named machine that nobody protects misses any objective', async () => {
  const { run } = await estate(['a'], []);
  await expect(run('one.checkRpo', { target: '1h', vms: ['a', 'ghost'] })).rejects.toMatchObject({
    type: 'check.failed',
    details: [{ counts: { vms: 2, met: 1, missed: 1 }, failed: [{ vm: 'ghost', newest: null }] }],
  });
});

test('replicas and backups are told apart', async () => {
  const stopped = { isStopped: true, newestAgeSeconds: 26 * HOUR_S };
  const { run } = await estate(['a'], [{ name: 'a', replication: stopped }]);
  expect(await run('one.checkRpo', { target: '12h', source: 'backup' })).toMatchObject({
    output: { oldestMinutes: 360 },
  });
  await expect(run('one.checkRpo', { target: '12h', source: 'replica' })).rejects.toMatchObject({
    details: [{ failed: [{ vm: 'a', ageMinutes: 1_560 }] }],
  });
});

test('an estate of which nothing is seen is no success', async () => {
  const { run } = await siteOf({ scenario: { name: 'empty', vro: { plans: [] } } });
  await expect(run('one.checkRpo', { target: '24h' })).rejects.toMatchObject({
    type: 'check.failed',
    message: expect.stringMatching(/^hq shows no protected machine/) as string,
  });
});

test('a target that is no duration is refused', async () => {
  const { run } = await siteOf();
  await expect(run('one.checkRpo', { target: 'soon' })).rejects.toMatchObject({ type: 'step.badInput' });
});
