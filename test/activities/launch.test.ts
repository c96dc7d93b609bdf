import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { LaunchActivityInput } from '../../activities/contract.ts';
import { launchRun, type Launcher, type LaunchParts } from '../../activities/launch.ts';
import { StepError } from '../../activities/step-error.ts';
import { canonicalText, compileRunbook } from '../../src/language/index.ts';
import type { RunInput } from '../../src/model/run.ts';
import type { Stores } from '../../src/store/index.ts';
import { RULES } from '../client/make-muster.ts';
import { storesForTest } from '../support/database.ts';
import { runbookOf } from '../support/runbook-of.ts';

const NOW = Date.parse('2026-03-01T03:00:00Z');
const MINUTE = 60_000;

interface Site {
  readonly stores: Stores;
  readonly started: { readonly input: RunInput; readonly runId: string }[];
  readonly open: Set<string>;
  readonly launch: (
    changes?: Partial<LaunchActivityInput>,
    more?: Partial<Launcher> & { readonly now?: number },
  ) => ReturnType<typeof launchRun>;
}

async function site(steps = 'steps: [{ id: a, check: 1 < 2 }]'): Promise<Site> {
  const stores = await storesForTest({ folder: tmpdir(), now: () => NOW });
  const { runbook } = compileRunbook({ text: runbookOf(`${steps}\n`), file: 'test.yaml' });
  if (runbook === undefined) throw new Error('it does not compile');
  const runbookDigest = await stores.contents.put(canonicalText(runbook));
  const started: Site['started'] = [];
  const open = new Set<string>();
  let runs = 0;
  return {
    stores,
    started,
    open,
    launch: (changes = {}, { now = NOW, ...more } = {}) => {
      const parts: LaunchParts = {
        stores,
        now: () => now,
        launcher: {
          rulesFor: () => RULES,
          newRunId: () => `test-20260301-${(runs += 1)}`,
          stateOf: async (runId) => {
            if (open.has(runId)) return 'open';
            return started.some((run) => run.runId === runId) ? 'ended' : 'none';
          },
          start: async (input, runId) => void started.push({ input, runId }),
          ...more,
        },
      };
      return launchRun(parts, {
        id: 'launch-1',
        schedule: 'test/nightly',
        runbook: 'test',
        runbookDigest,
        mode: 'drill',
        purpose: 'exercise',
        inputs: {},
        cron: '0 3 * * *',
        timezone: 'UTC',
        appliedAt: NOW - MINUTE,
        appliedBy: 'anna',
        scheduledAt: NOW,
        ...changes,
      });
    },
  };
}

describe('a launch', () => {
  it('starts a run in the name of no person', async () => {
    const { launch, started } = await site();
    expect(await launch({ answerWithinMs: 5 })).toEqual({
      schedule: 'test/nightly',
      outcome: 'started',
      runId: 'test-20260301-1',
    });
    expect(started[0]?.input).toMatchObject({ starter: 'schedule', mode: 'drill', answerWithinMs: 5 });
  });

  it('that is tried again starts the same run', async () => {
    const { launch, started } = await site();
    const away = async (): Promise<never> => {
      throw new StepError('step.internal', 'Temporal is away', { passing: true });
    };
    await expect(launch({}, { start: away })).rejects.toMatchObject({ passing: true });
    await launch();
    expect(started.map(({ runId }) => runId)).toEqual(['test-20260301-1']);
  });

  it('that has started its run and could not note that says so, whatever has come since', async () => {
    const { launch, started, stores } = await site();
    const start: Launcher['start'] = async (input, runId) => {
      started.push({ input, runId });
      throw new StepError('step.internal', 'the answer is lost', { passing: true });
    };
    await expect(launch({}, { start })).rejects.toThrow();
    await stores.freezes.set({ id: 'f-1', reason: 'late', by: 'anna', at: NOW, from: NOW, scope: {} });
    expect((await launch()).outcome).toBe('started');
    expect([started.length, (await stores.launches.list(1))[0]?.outcome]).toEqual([1, 'started']);
  });

  it('that is done is not done again', async () => {
    const { launch, started } = await site();
    expect(await launch()).toEqual(await launch());
    expect(started).toHaveLength(1);
  });

  it('that was refused stays so, whatever has changed since', async () => {
    const { launch, started } = await site();
    const refused = await launch({}, { now: NOW + 11 * MINUTE });
    expect(await launch()).toEqual(refused);
    expect(started).toEqual([]);
  });
});

describe('nothing is started', () => {
  it.each<[string, Partial<LaunchActivityInput>, number, string]>([
    ['for a time before the schedule was put in force', { scheduledAt: NOW - 2 * MINUTE }, NOW, 'edited'],
    ['more than ten minutes late', {}, NOW + 10 * MINUTE + 1, 'late'],
    ['of a runbook that is not kept', { runbookDigest: 'f'.repeat(64) }, NOW, 'refused'],
    ['with inputs that the runbook does not take', { inputs: { plan: 'ERP' } }, NOW, 'refused'],
  ])('%s', async (_what, changes, now, code) => {
    const { launch, started, stores } = await site();
    await launch(changes, { now });
    expect(await stores.launches.list(5)).toMatchObject([{ outcome: 'notStarted', code }]);
    expect(started).toEqual([]);
  });

  it('while the run before goes on, and something is once it has ended', async () => {
    const { launch, started, open } = await site();
    const { runId = '' } = await launch();
    open.add(runId);
    expect((await launch({ id: 'launch-2' })).reason).toContain(runId);
    open.delete(runId);
    await launch({ id: 'launch-3' });
    expect(started).toHaveLength(2);
  });

  it('while it is frozen', async () => {
    const { launch, started, stores } = await site();
    const freeze = { id: 'f-1', reason: 'the audit', by: 'anna', at: NOW, from: NOW };
    await stores.freezes.set({ ...freeze, scope: { mode: 'live' } });
    await launch();
    await stores.freezes.set({ ...freeze, id: 'f-2', scope: { runbooks: 'te*' } });
    expect((await launch({ id: 'launch-2' })).reason).toContain('the audit');
    expect(started).toHaveLength(1);
  });

  it('that a person could not start', async () => {
    const { launch, stores } = await site(
      'steps: [{ id: a, uses: vro.failover, with: { plan: PRODUCTION } }]',
    );
    await launch();
    const [kept] = await stores.launches.list(1);
    expect(kept).toMatchObject({
      code: 'refused',
      reason: expect.stringMatching(/^DRILL_NOT_ALLOWED/) as string,
    });
  });

  it('by a worker that cannot', async () => {
    const { stores } = await site();
    await expect(launchRun({ stores, now: () => NOW }, {} as LaunchActivityInput)).rejects.toMatchObject({
      code: 'step.internal',
    });
  });
});
