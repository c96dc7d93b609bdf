import { describe, expect, test } from 'vitest';
import type { Json } from './support.ts';
import type { OneSite } from './one-support.ts';
import { oneClient, oneSite } from './one-support.ts';

const VMS = '/protectedData/virtualMachines';
const SCHEDULE = '/dataCollection/schedule';

/** One VM, replicated every ten minutes, the last time a minute ago; Veeam ONE collects every five. */
const SCENARIO = {
  name: 'lagging',
  vro: {
    plans: [
      {
        name: 'SHOP',
        groups: [{ name: 'All', vms: [{ name: 'shop-01', steps: [{ name: 'Start', seconds: 10 }] }] }],
      },
    ],
  },
  vbr: { replication: { everySeconds: 600, newestAgeSeconds: 60 } },
  one: { collection: { everyMinutes: 5, takesSeconds: 10 } },
};

/** How old the newest replica point is that Veeam ONE knows of, in seconds. */
async function knownAge({ items, clock }: OneSite): Promise<number> {
  const [vm] = await items(VMS);
  const [newest] = await items(`${VMS}/${String(vm?.['vmUidInVbr'])}/replicaRestorePoints`);
  expect(newest?.['creationDate']).toBe(vm?.['lastProtectedDate']);
  return (clock.now() - Date.parse(String(newest?.['creationDate']))) / 1000;
}

describe('restore points', () => {
  test('are known from the start', async () => {
    expect(await knownAge(await oneSite({ scenario: SCENARIO }))).toBe(60);
  });

  test('are shown as they were at the last collection', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    // A point was made after 540 seconds; the collection before was after 300, the next one is after 600.
    here.after(595);
    expect(await knownAge(here)).toBe(655);
    here.after(10);
    expect(await knownAge(here)).toBe(665);
    here.after(10);
    expect(await knownAge(here)).toBe(75);
  });

  test('are not collected while the schedule is disabled', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    await here.one.call('PATCH', SCHEDULE, { Disabled: true });
    here.after(3600);
    expect(await knownAge(here)).toBe(3660);
    expect(await here.get('/dataCollection/status')).toMatchObject({ manuallyStart: true, nextRun: null });
  });

  test('are collected when somebody asks for it', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    here.after(545);
    await here.one.call('POST', '/dataCollection/start');
    expect(await here.get('/dataCollection/status')).toMatchObject({ status: 'Processing', progress: 0 });
    here.after(10);
    expect(await knownAge(here)).toBe(15);
    expect(here.sim.journal).toMatchObject([{ system: 'one', call: 'POST /dataCollection/start' }]);
  });

  test('stay as they were when a collection is stopped', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    here.after(545);
    await here.one.call('POST', '/dataCollection/start');
    await here.one.call('POST', '/dataCollection/stop');
    here.after(20);
    expect(await knownAge(here)).toBe(625);
    expect(await here.get('/dataCollection/status')).toMatchObject({ status: 'Stopped', tasksSuccess: 0 });
  });
});

describe('the data collection', () => {
  test('tells when it ran last and runs next', async () => {
    const { get, items, after } = await oneSite({ scenario: SCENARIO });
    after(320);
    expect(await get('/dataCollection/status')).toMatchObject({
      status: 'Success',
      nextRun: '2026-01-15T06:10:00.000Z',
    });
    expect(await items('/dataCollection/tasks', { Select: 'lastRun', Limit: 1 })).toEqual([
      { lastRun: '2026-01-15T06:05:00.000Z' },
    ]);
  });

  test('leaves a session each time, newest first', async () => {
    const { items, get, after } = await oneSite({ scenario: SCENARIO });
    after(605);
    const sessions = await items('/sessions', { Select: 'jobSessionId,status' });
    expect(sessions).toEqual([
      { jobSessionId: 1003, status: 'Processing' },
      { jobSessionId: 1002, status: 'Success' },
      { jobSessionId: 1001, status: 'Success' },
    ]);
    expect(await get('/sessions/1003')).toMatchObject({ end: null });
    expect(await items('/sessions/1002/details')).toHaveLength(3);
  });

  test('counts on over a long time, but remembers the last ones only', async () => {
    const { get, after } = await oneSite({ scenario: SCENARIO });
    after(30 * 24 * 3600);
    const { items, totalCount } = (await get('/sessions', { Limit: 1 })) as {
      items: Json[];
      totalCount: number;
    };
    expect(items[0]?.['jobSessionId']).toBe(1001 + 30 * 288);
    expect(totalCount).toBe(100);
  });

  test('follows a schedule that was changed', async () => {
    const { one, get } = await oneSite({ scenario: SCENARIO });
    const change = { periodically: { period: 2, interval: 'Hours' } };
    expect((await one.call('PATCH', SCHEDULE, change)).status).toBe(200);
    expect(await get(SCHEDULE)).toMatchObject({ scheduleType: 'Periodic', ...change });
    expect(await get('/dataCollection/status')).toMatchObject({ nextRun: '2026-01-15T08:00:00.000Z' });
  });

  test.each([
    // The clock stands at six o'clock on a Thursday.
    ['on weekdays', { scheduleType: 'Daily', daily: { daysOfWeek: ['Saturday'] } }, '2026-01-17'],
    ['daily', { scheduleType: 'Daily' }, '2026-01-15'],
    ['on days of a month', { scheduleType: 'MonthlyDays', monthlyDays: { days: [1, 14] } }, '2026-02-01'],
    [
      'on the last Friday of a month',
      {
        scheduleType: 'MonthlyWeekDays',
        monthlyWeekDays: { dayOfWeekAppearance: ['Last'], daysOfWeek: ['Friday'], months: ['March'] },
      },
      '2026-03-27',
    ],
    [
      'on the second Monday of a month',
      {
        scheduleType: 'MonthlyWeekDays',
        monthlyWeekDays: { dayOfWeekAppearance: ['Second'], daysOfWeek: ['Monday'] },
      },
      '2026-02-09',
    ],
  ])('may run %s', async (_title, change, day) => {
    const { one, get } = await oneSite({ scenario: SCENARIO });
    await one.call('PATCH', SCHEDULE, { startTime: '2023-11-18T21:00:00Z', ...change });
    expect(await get('/dataCollection/status')).toMatchObject({ nextRun: `${day}T21:00:00.000Z` });
  });

  test.each([
    ['an unknown type', { scheduleType: 'Sometimes' }],
    ['no period', { periodically: { period: 0, interval: 'Hours' } }],
  ])('refuses a schedule with %s', async (_title, change) => {
    const { one } = await oneSite();
    expect((await one.call('PATCH', SCHEDULE, change)).status).toBe(400);
  });

  test('starts anew with the world', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    await here.one.call('PATCH', SCHEDULE, { disabled: true });
    here.after(1000);
    here.sim.reset();
    expect(await here.get(SCHEDULE)).toMatchObject({ disabled: false });
  });

  test('takes the schedule that the vendor prints, in both versions', async () => {
    const { sim } = await oneSite();
    const client = await oneClient(sim, 'v2.2');
    const schedule = {
      startTime: '2023-11-18T21:00:00Z',
      timeZoneId: '',
      scheduleType: 'Daily',
      disabled: false,
      periodically: { period: 1, interval: 'Hours' },
      daily: { daysOfWeek: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] },
      monthlyDays: { months: [], days: [] },
      monthlyWeekDays: { months: [], dayOfWeekAppearance: [], daysOfWeek: ['Monday'] },
    };
    expect((await client.call('PATCH', SCHEDULE, schedule)).status).toBe(200);
    expect((await client.call('GET', SCHEDULE)).json).toEqual(schedule);
  });
});
