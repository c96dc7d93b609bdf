import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MusterError, type ScheduleChange } from '../../src/client/index.ts';
import { createSchedules } from '../../src/client/schedules.ts';
import type { StartRules } from '../../src/language/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import { storesForTest } from '../support/database.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { fakeScheduleControl } from './fake-schedule-control.ts';
import { RULES } from './make-muster.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const withRoles = (...roles: readonly string[]): Actor => ({
  person: 'anna',
  name: 'Anna',
  kind: 'person',
  grants: roles.map((role) => ({ role })),
  via: 'local',
  assurance: 'asserted',
});

async function scheduling({
  actor = withRoles('operator'),
  rules = RULES,
}: { actor?: Actor; rules?: StartRules } = {}) {
  const control = fakeScheduleControl();
  const stores = await storesForTest({ folder: await mkdtemp(join(tmpdir(), 'muster-client-')) });
  let acting = actor;
  const schedules = createSchedules({
    control,
    actor: async () => acting,
    stores,
    rulesFor: () => rules,
    now: () => NOW,
  });
  return { control, schedules, stores, actAs: (next: Actor) => (acting = next) };
}

const source = (schedules: string, steps = 'steps: [{ id: a, check: 1 < 2 }]') => ({
  file: 'test.yaml',
  text: runbookOf(`${steps}\nschedules: [${schedules}]\n`),
});
const at = (name: string, cron = '0 3 * * *', more = ''): string =>
  `{ name: ${name}, cron: "${cron}", timezone: UTC${more} }`;
const brief = (changes: readonly ScheduleChange[]): string[] =>
  changes.map((change) =>
    change.what === 'change' ? `change ${change.id} ${change.changed.join()}` : `${change.what} ${change.id}`,
  );
/** What speaks against these schedules. */
async function refusedFor(
  schedules: string,
  rules: Partial<StartRules> = {},
  steps?: string,
): Promise<string[]> {
  const { schedules: operations } = await scheduling({ rules: { ...RULES, ...rules } });
  try {
    await operations.plan(source(schedules, steps));
    return [];
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return error.diagnostics.map(({ code }) => code);
  }
}

describe('applying a file', () => {
  it('adds, changes, keeps and removes what differs', async () => {
    const { schedules } = await scheduling();
    await schedules.apply(source([at('gone'), at('kept'), at('moved')].join()));
    const changes = await schedules.apply(source([at('kept'), at('moved', '0 4 * * *'), at('new')].join()));
    expect(brief(changes)).toEqual([
      'remove test/gone',
      'keep test/kept',
      'change test/moved cron',
      'add test/new',
    ]);
    expect((await schedules.list()).map(({ id }) => id)).toEqual(['test/kept', 'test/moved', 'test/new']);
  });

  it('changes schedules whose runbook means something else now', async () => {
    const { schedules } = await scheduling();
    await schedules.apply(source(at('kept')));
    const changes = await schedules.plan(source(at('kept'), 'steps: [{ id: a, check: 1 < 3 }]'));
    expect(brief(changes)).toEqual(['change test/kept digest']);
  });

  it('leaves the schedules of other runbooks alone', async () => {
    const { schedules } = await scheduling();
    await schedules.apply({
      file: 'b.yaml',
      text: runbookOf(`steps: [{ id: a, wait: 1s }]\nschedules: [${at('x')}]\n`, 'other'),
    });
    expect(brief(await schedules.plan(source(at('y'))))).toEqual(['add test/y']);
  });

  it('changes nothing by being planned', async () => {
    const { schedules } = await scheduling();
    await schedules.plan(source(at('x')));
    expect(await schedules.list()).toEqual([]);
  });

  it('keeps the runbook that is run', async () => {
    const { schedules, stores } = await scheduling();
    await schedules.apply(source(at('x')));
    const [listed] = await schedules.list();
    expect(await stores.contents.get(listed?.digest ?? '')).toContain('"name":"test"');
  });

  it('notes who did it, and gives a drill fifteen minutes for an answer', async () => {
    const { schedules, control } = await scheduling();
    await schedules.apply(source(at('x')));
    expect((await control.find('test/x'))?.launch).toMatchObject({
      appliedBy: 'anna',
      appliedAt: NOW,
      purpose: 'exercise',
      answerWithinMs: 900_000,
    });
  });
});

describe('what cannot be put in force', () => {
  const LIVE = ', mode: live';
  const FAILOVER = 'steps: [{ id: a, uses: vro.failover, with: { plan: PRODUCTION } }]';

  it.each<[string, string, Partial<StartRules>, string | undefined, string]>([
    ['a file with errors', at('x', 'now'), {}, undefined, 'VALUE'],
    ['live runs that nobody approves', at('x', '0 3 * * *', LIVE), {}, undefined, 'SCHEDULE_REFUSED'],
    ['a drill that may not be started', at('x'), { drillAllow: [] }, FAILOVER, 'DRILL_NOT_ALLOWED'],
    [
      'a time that the clocks skip',
      '{ name: x, cron: "30 2 * * *", timezone: Europe/Berlin }',
      {},
      undefined,
      'SCHEDULE_REFUSED',
    ],
  ])('is %s', async (_what, schedules, rules, steps, code) => {
    expect(await refusedFor(schedules, rules, steps)).toContain(code);
  });

  it('is not what muster.yaml lets run unattended', async () => {
    expect(await refusedFor(at('x', '0 3 * * *', LIVE), { unattended: true })).toEqual([]);
  });
});

describe('what comes next', () => {
  it('is told of all schedules together, without those that are paused', async () => {
    const { schedules } = await scheduling();
    await schedules.apply(
      source([at('early', '0 3 * * *'), at('late', '0 4 * * *'), at('never', '0 5 * * *')].join()),
    );
    await schedules.pause({ id: 'test/never', reason: 'holidays' });
    expect(
      (await schedules.next(3)).map(({ id, at: time }) => `${id} ${new Date(time).toISOString()}`),
    ).toEqual([
      'test/early 2026-11-22T03:00:00.000Z',
      'test/late 2026-11-22T04:00:00.000Z',
      'test/early 2026-11-23T03:00:00.000Z',
    ]);
  });
});

describe('who may not', () => {
  const VIEWER = withRoles('viewer');

  it.each(['pause', 'resume', 'trigger', 'remove'] as const)('%s a schedule is refused', async (what) => {
    const { schedules, control, actAs } = await scheduling();
    await schedules.apply(source(at('x')));
    actAs(VIEWER);
    await expect(schedules[what]({ id: 'test/x', reason: 'why' })).rejects.toMatchObject({
      code: 'identity.notAllowed',
    });
    expect([await control.find('test/x'), control.triggered]).toMatchObject([{ paused: false }, []]);
  });

  it('apply one changes nothing', async () => {
    const { schedules, control } = await scheduling({ actor: VIEWER });
    await expect(schedules.apply(source(at('x')))).rejects.toMatchObject({ code: 'identity.notAllowed' });
    expect(await control.list()).toEqual([]);
  });

  it('start a runbook sees nothing of others', async () => {
    const { schedules, actAs } = await scheduling();
    await schedules.apply(source(at('x')));
    actAs({ ...VIEWER, grants: [{ role: 'viewer', runbooks: 'erp-*' }] });
    expect([await schedules.list(), await schedules.next(5)]).toEqual([[], []]);
  });
});

it('says of a schedule that is not there that it is not', async () => {
  const { schedules } = await scheduling();
  await expect(schedules.trigger({ id: 'test/none' })).rejects.toMatchObject({ code: 'schedule.notFound' });
});
