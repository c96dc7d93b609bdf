import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Schedules } from '../../src/client/index.ts';
import { createSchedules, type ScheduleTestOptions } from '../../src/client/schedules.ts';
import { createScheduleControl } from '../../src/control/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import { rulesOf } from '../../src/stack/muster-on.ts';
import type { Launch } from '../../src/store/index.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { channelServer } from '../support/channel-server.ts';
import {
  outcomesOf,
  runbookOf,
  stageForTest,
  stepOf,
  type Stage,
  type StageOptions,
} from '../support/stage.ts';

const ANNA: Actor = {
  person: 'anna',
  name: 'Anna',
  kind: 'person',
  grants: [{ role: 'operator' }],
  via: 'local',
  assurance: 'asserted',
};
const NIGHTLY = '\nschedules: [{ name: nightly, cron: 0 3 * * *, timezone: UTC }]\n';
const ID = 'test/nightly';

interface Scheduled {
  readonly stage: Stage;
  readonly schedules: Schedules;
  readonly apply: (lines: string) => Promise<void>;
  /** Waits until a launch is as wanted. */
  readonly launch: (wanted: (launch: Launch) => boolean) => Promise<Launch>;
}

/** A stage whose schedules start every second unless it says otherwise; they end with the test. */
async function scheduled(
  { spec = { everyMs: 1_000 }, ...rest }: ScheduleTestOptions = {},
  options?: StageOptions,
): Promise<Scheduled> {
  const stage = await stageForTest(options);
  const { data, client, taskQueue } = stage;
  const control = createScheduleControl({ client, taskQueue });
  const schedules = createSchedules(
    {
      control,
      actor: async () => ANNA,
      stores: data.stores,
      rulesFor: (runbook) => rulesOf(data.config, runbook),
      now: Date.now,
    },
    { spec, ...rest },
  );
  onTestFinished(() => control.remove(ID).catch(() => undefined));
  return {
    stage,
    schedules,
    apply: async (lines) => {
      await schedules.apply({ file: 'test.yaml', text: runbookOf(`${lines}${NIGHTLY}`) });
    },
    async launch(wanted) {
      let found: Launch | undefined;
      const look = async () => (found ??= (await schedules.launches()).find(wanted));
      await expect.poll(look, { timeout: 50_000, interval: 100 }).toBeDefined();
      if (found === undefined) throw new Error('there is no such launch');
      return found;
    },
  };
}

const isStarted = ({ outcome }: Launch): boolean => outcome === 'started';
const isBecause =
  (wanted: Launch['code']) =>
  ({ code }: Launch): boolean =>
    code === wanted;

describe('a schedule', () => {
  test('starts drills, in the name of no person', async () => {
    const { stage, apply, launch } = await scheduled();
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    const { runId } = await launch(isStarted);
    const { timeline, outcome } = await stage.ended(runId);
    expect(outcome).toBe('succeeded');
    expect(timeline.run).toMatchObject({ starter: 'schedule', mode: 'drill', purpose: 'exercise' });
  });

  test('goes on after one of its drills, with runs of their own', async () => {
    const { apply, launch } = await scheduled();
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    const first = await launch(isStarted);
    const second = await launch((one) => isStarted(one) && one.id !== first.id);
    expect(second.runId).not.toBe(first.runId);
  });

  test('starts nothing while the drill before goes on, and keeps why', async () => {
    const { stage, apply, launch } = await scheduled();
    await apply('steps: [{ id: a, wait: 1h }]');
    const { runId } = await launch(isStarted);
    const { reason } = await launch(isBecause('overlap'));
    expect(reason).toContain(runId);
    expect(await stage.data.stores.runs.list(10)).toHaveLength(1);
  });

  test('starts nothing while it is frozen, keeps why, and goes on afterwards', async () => {
    const { stage, apply, launch } = await scheduled();
    const { id } = (await stage.muster.as('anna').freeze({ reason: 'the audit', scope: { runbooks: 'te*' } }))
      .freeze;
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    const { reason } = await launch(isBecause('frozen'));
    expect(reason).toContain('the audit');
    expect(await stage.data.stores.runs.list(10)).toEqual([]);
    await stage.muster.as('anna').unfreeze({ id });
    await launch(isStarted);
  });

  test('starts the runbook as it was put in force, whatever the file says since', async () => {
    const { stage, apply, launch, schedules } = await scheduled();
    await apply('steps: [{ id: first, check: 1 < 2 }]');
    // Temporal's list is a moment behind.
    await expect.poll(() => schedules.list(), { timeout: 20_000 }).toHaveLength(1);
    const [before] = await schedules.list();
    const { runId, digest } = await launch(isStarted);
    expect(digest).toBe(before?.digest);
    expect(outcomesOf(await stage.ended(runId))).toEqual({ first: 'succeeded' });
  });

  test('starts nothing that the configuration does not allow any more, and says so', async () => {
    const { stage, apply, launch } = await scheduled();
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    await launch(isStarted);
    const control = createScheduleControl({ client: stage.client, taskQueue: stage.taskQueue });
    const found = await control.find(ID);
    if (found === undefined) throw new Error('it is gone');
    await control.put({ ...found.launch, runbookDigest: 'f'.repeat(64) }, { everyMs: 1_000 });
    const { reason } = await launch(isBecause('refused'));
    expect(reason).toContain('not kept any more');
  });

  test('tells the channels of schedules why it started nothing', async () => {
    const server = await channelServer();
    const folder = await mkdtemp(join(tmpdir(), 'muster-schedules-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'key'), canarySecret());
    const config = `${await readFile('muster.yaml', 'utf8')}
channels: { ops: { kind: webhook, url: '${server.url}', secret: { file: ${join(folder, 'key')} } } }
notifications: { schedules: [ops] }
`;
    const { stage, apply } = await scheduled({}, { config });
    await stage.muster.as('anna').freeze({ reason: 'the audit' });
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    const [post] = await server.received(1);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      event: 'schedule.notStarted',
      title: `${ID} has started no drill`,
      text: expect.stringContaining('the audit') as string,
    });
  });
});

describe('a person', () => {
  const YEARS = { spec: { everyMs: 365 * 24 * 3_600_000 } };

  test('starts the drill of a schedule at once, also of one that is paused, and nothing else does', async () => {
    const { apply, launch, schedules } = await scheduled(YEARS);
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    await schedules.pause({ id: ID, reason: 'by hand only' });
    expect(await schedules.launches()).toEqual([]);
    await schedules.trigger({ id: ID });
    await launch(isStarted);
    expect(await schedules.launches()).toHaveLength(1);
  });

  test('pauses a schedule and lets it go on', async () => {
    const { apply, launch, schedules } = await scheduled();
    await apply('steps: [{ id: a, check: 1 < 2 }]');
    await schedules.pause({ id: ID, reason: 'holidays' });
    expect(await schedules.list()).toMatchObject([{ paused: true, note: 'paused by anna: holidays' }]);
    await schedules.resume({ id: ID });
    const { scheduledAt } = await launch(isStarted);
    expect(scheduledAt).toBeGreaterThan(0);
  });
});

describe('a drill that a schedule has started', () => {
  test('is taken back and cleaned up when it fails and nobody answers', async () => {
    const { stage, apply, launch } = await scheduled({ answerWithinMs: 500 });
    await apply(`
steps:
  - id: over
    uses: vro.failover
    with: { plan: ERP-CANARY }
    rollback: { uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: bad, check: 1 > 2 }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);
    const { runId } = await launch(isStarted);
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('failed');
    expect(stepOf(view, 'bad').reason).toContain('nobody has answered');
    expect(outcomesOf(view)).toMatchObject({
      'over/rollback': 'succeeded',
      'cleanup/reset': 'succeeded',
      'cleanup/muster.restored': 'succeeded',
    });
  });
});
