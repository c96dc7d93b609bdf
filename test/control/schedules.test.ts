import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import {
  clockChangeMet,
  createScheduleControl,
  nextTimes,
  type ScheduleControl,
  type TestSpec,
} from '../../src/control/index.ts';
import type { LaunchInput } from '../../src/model/launch.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

async function scheduling(): Promise<{
  readonly client: Client;
  readonly control: ScheduleControl;
  /** Puts a schedule in force that nobody works for, and ends with the test. */
  readonly put: (terms: Partial<LaunchInput>, test?: TestSpec) => Promise<string>;
  /** How many launches it has begun, as Temporal knows. */
  readonly begun: () => Promise<number>;
}> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  onTestFinished(() => connection.close());
  const client = new Client({ connection });
  const taskQueue = `schedules-${randomUUID()}`;
  const control = createScheduleControl({ client, taskQueue });
  const put = async (terms: Partial<LaunchInput>, test?: TestSpec): Promise<string> => {
    const launch: LaunchInput = {
      schedule: 'test/nightly',
      runbook: 'test',
      runbookDigest: '0'.repeat(64),
      mode: 'drill',
      purpose: 'exercise',
      inputs: {},
      cron: '0 3 * * *',
      timezone: 'UTC',
      appliedAt: 0,
      appliedBy: 'anna',
      ...terms,
    };
    await control.put(launch, test);
    onTestFinished(() => control.remove(launch.schedule).catch(() => undefined));
    return launch.schedule;
  };
  const begun = async (): Promise<number> => {
    const { info } = await client.schedule.getHandle(`${taskQueue}:test/nightly`).describe();
    return info.numActionsTaken;
  };
  return { client, control, put, begun };
}

describe('a schedule in force', () => {
  it('is known with its terms, and when it comes next', async () => {
    const { control, put } = await scheduling();
    await put({ inputs: { plan: 'ERP' }, description: 'each night' });
    const found = await control.find('test/nightly');
    expect(found).toMatchObject({
      id: 'test/nightly',
      launch: { cron: '0 3 * * *', inputs: { plan: 'ERP' }, description: 'each night' },
      paused: false,
    });
    expect(found?.next).toHaveLength(10);
  });

  it('is changed by putting it anew, and stays paused', async () => {
    const { control, put } = await scheduling();
    const id = await put({});
    await control.pause(id, 'paused by anna: holidays');
    await put({ cron: '0 4 * * *' });
    expect(await control.find(id)).toMatchObject({
      launch: { cron: '0 4 * * *' },
      paused: true,
      note: 'paused by anna: holidays',
    });
  });

  it('belongs to one muster only', async () => {
    const [one, other] = [await scheduling(), await scheduling()];
    const id = await one.put({});
    expect(await other.control.find(id)).toBeUndefined();
    await expect(other.control.remove(id)).rejects.toMatchObject({ code: 'schedule.notFound' });
  });

  it('is gone when it is removed', async () => {
    const { control, put } = await scheduling();
    const id = await put({});
    await control.remove(id);
    expect(await control.find(id)).toBeUndefined();
    await expect(control.trigger(id)).rejects.toMatchObject({ code: 'schedule.notFound' });
  });
});

/** Resolves when the clock shows this. */
async function untilTime(at: number): Promise<void> {
  while (Date.now() <= at) await new Promise((resolve) => setTimeout(resolve, at - Date.now() + 1));
}

/** The next second that an interval of half a minute or more meets: edits have the time until it comes again. */
function nextMet(): { readonly at: number; readonly everyMs: number } {
  for (let second = Math.ceil(Date.now() / 1_000); ; second += 1) {
    for (let every = 30; every <= 300; every += 1) {
      if (second % every === 0) return { at: second * 1_000, everyMs: every * 1_000 };
    }
  }
}

describe('an edit', () => {
  const YEARS_AWAY = { cron: '0 0 29 2 *' };
  /** The minute that has begun last, as a cron of every day. */
  const minuteCron = (at: number): string => {
    const date = new Date(at);
    return `${date.getUTCMinutes()} ${date.getUTCHours()} * * *`;
  };

  it('starts nothing for a time that has just passed', async () => {
    const { put, begun } = await scheduling();
    await put(YEARS_AWAY);
    const now = Date.now();
    for (const minutes of [0, 1, 2, 5, 9]) await put({ cron: minuteCron(now - minutes * 60_000) });
    await put(YEARS_AWAY);
    expect(await begun()).toBe(0);
  });

  it('starts nothing around a time of the schedule that it takes away, or gives', async () => {
    const { put, begun } = await scheduling();
    await put(YEARS_AWAY);
    for (let times = 0; times < 2; times += 1) {
      const { at, everyMs } = nextMet();
      await untilTime(at);
      // Its time was a moment ago, within what is caught up with.
      for (let edits = 0; edits < 5; edits += 1) await put({ appliedAt: edits }, { everyMs });
      await put(YEARS_AWAY);
    }
    expect(await begun()).toBe(0);
  });

  it('is in force for the times after it', async () => {
    const { put, begun } = await scheduling();
    await put(YEARS_AWAY);
    await put({}, { everyMs: 1_000 });
    await expect.poll(begun, { timeout: 20_000 }).toBeGreaterThan(0);
  });
});

describe('what comes next', () => {
  it.each([
    ['0 6 15 2,5,8,11 *', 'Europe/Berlin'],
    ['0 6 * * 7', 'Europe/Berlin'],
    ['0 6 * * 0', 'UTC'],
    ['0 6 29 2 *', 'UTC'],
    ['0 0 31 * *', 'America/New_York'],
    ['0 6 * JAN MON-FRI', 'Asia/Tokyo'],
    ['0 0 * * 5-7', 'UTC'],
    ['*/7 */5 * * *', 'UTC'],
    ['0 12 1-7/2 * *', 'Australia/Lord_Howe'],
    ['15,45 22 * 3,10 SAT', 'Europe/London'],
    ['45 23 28-31 * *', 'Asia/Kathmandu'],
    ['0 5 * * *', 'Europe/Berlin'],
  ])('of %s (%s) is what Temporal says', async (cron, timezone) => {
    const { control, put } = await scheduling();
    const now = Date.now();
    const id = await put({ cron, timezone });
    const { next = [] } = (await control.find(id)) ?? {};
    // A minute may pass between the two.
    expect(nextTimes(cron, timezone, 11, now)).toEqual(expect.arrayContaining([...next]));
    expect(next).toHaveLength(10);
  });
});

describe('a clock change', () => {
  it.each([
    ['30 2 * * *', 'Europe/Berlin', { kind: 'skips', time: '2027-03-28 02:30' }],
    ['30 2 31 10 *', 'Europe/Berlin', { kind: 'repeats', time: '2027-10-31 02:30' }],
    ['30 1 * * *', 'America/New_York', { kind: 'repeats', time: '2027-11-07 01:30' }],
    ['45 1 * * *', 'Australia/Lord_Howe', { kind: 'repeats', time: '2027-04-04 01:45' }],
    ['*/30 * * * *', 'Europe/London', { kind: 'skips', time: '2027-03-28 01:00' }],
  ])('is met by %s (%s)', (cron, timezone, met) => {
    expect(clockChangeMet(cron, timezone, NOW)).toMatchObject(met);
  });

  it.each([
    ['30 2 * * *', 'UTC'],
    ['30 2 * * *', 'Asia/Tokyo'],
    ['0 3 * * *', 'Europe/Berlin'],
    ['59 1 * * *', 'Europe/Berlin'],
    ['30 2 15 * *', 'Europe/Berlin'],
    ['0 6 15 2,5,8,11 *', 'Europe/Berlin'],
  ])('is not met by %s (%s)', (cron, timezone) => {
    expect(clockChangeMet(cron, timezone, NOW)).toBeUndefined();
  });
});
