import { nextTimes, type ListedSchedule, type ScheduleControl, type TestSpec } from '../control/index.ts';
import { assertMay, mayDo } from '../identity/index.ts';
import { canonicalText, type StartRules } from '../language/index.ts';
import type { Actor } from '../model/actor.ts';
import { UNATTENDED_ANSWER_MS } from '../model/launch.ts';
import type { Launch, Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { RunbookText } from './muster.ts';
import { changesOf, termsOf, wantedSchedules, type WantedSchedules } from './schedule-plan.ts';
import type { Schedules, ScheduleView } from './schedule-requests.ts';
import { translated } from './translate-error.ts';

const MAX_LAUNCHES = 200;

/** What the operations on schedules are made of. */
export interface ScheduleParts {
  readonly control: ScheduleControl;
  readonly actor: () => Promise<Actor>;
  readonly stores: Pick<Stores, 'contents' | 'launches'>;
  readonly rulesFor: (runbook: string) => StartRules;
  readonly now: () => number;
}

/** For tests: what is put in force instead of what the file says. */
export interface ScheduleTestOptions {
  readonly spec?: TestSpec;
  readonly answerWithinMs?: number;
}

/** The operations on schedules, done in this process. */
export function createSchedules(parts: ScheduleParts, test: ScheduleTestOptions = {}): Schedules {
  const { control, actor: actorNow, stores, rulesFor, now } = parts;

  /** What a file wants, and what is in force of its runbook. */
  const compare = async (source: RunbookText) => {
    const wanted = wantedSchedules(source, { rulesFor, now: now() });
    const inForce = await translated(() => inForceOf(control, wanted));
    return { wanted, inForce, changes: changesOf(wanted, inForce) };
  };
  const found = async (id: string): Promise<ListedSchedule> => {
    const schedule = await translated(() => control.find(id));
    if (schedule === undefined) throw new MusterError('schedule.notFound', `There is no schedule ${id}.`);
    return schedule;
  };
  /** A schedule that the actor may do something with. */
  const allowed = async (id: string, action: 'schedule.change' | 'schedule.trigger') => {
    const actor = await actorNow();
    const schedule = await found(id);
    assertMay(actor, action, { runbook: schedule.launch.runbook });
    if (action === 'schedule.trigger' && schedule.launch.mode === 'live') {
      assertMay(actor, 'run.start.live', { runbook: schedule.launch.runbook });
    }
    return { actor, schedule };
  };
  const readable = async (): Promise<ListedSchedule[]> => {
    const actor = await actorNow();
    const all = await translated(() => control.list());
    return all.filter(({ launch: { runbook } }) => mayDo(actor, 'schedule.read', { runbook }));
  };

  return {
    async plan(source) {
      const { wanted, changes } = await compare(source);
      assertMay(await actorNow(), 'schedule.read', { runbook: wanted.runbook.name });
      return changes;
    },

    async apply(source) {
      const actor = await actorNow();
      const { wanted, changes } = await compare(source);
      const { runbook, children, launches } = wanted;
      assertMay(actor, 'schedule.change', { runbook: runbook.name });
      // Whoever lets live runs start by themselves starts them.
      if (launches.some(({ mode }) => mode === 'live')) {
        assertMay(actor, 'run.start.live', { runbook: runbook.name });
      }
      for (const child of children) await stores.contents.put(canonicalText(child.runbook));
      await stores.contents.put(canonicalText(runbook));
      const applied = { appliedAt: now(), appliedBy: actor.person };
      const { answerWithinMs = UNATTENDED_ANSWER_MS } = test;
      for (const { id, what } of changes) {
        const launch = launches.find(({ schedule }) => schedule === id);
        if (what === 'remove') await translated(() => control.remove(id));
        if (launch === undefined || what === 'keep') continue;
        const input = { ...launch, ...applied, ...(launch.mode === 'drill' ? { answerWithinMs } : {}) };
        await translated(() => control.put(input, test.spec));
      }
      return changes;
    },

    async list() {
      const all = await readable();
      return Promise.all(all.map(async (one) => viewOf(one, await stores.launches.list(1, one.id))));
    },

    async next(count) {
      const all = (await readable()).filter(({ paused }) => !paused);
      const starts = all.flatMap(({ id, launch: { cron, timezone, mode } }) =>
        nextTimes(cron, timezone, count, now()).map((at) => ({ id, at, mode })),
      );
      return starts.sort((a, b) => a.at - b.at).slice(0, count);
    },

    async launches({ id, limit = MAX_LAUNCHES } = {}) {
      const actor = await actorNow();
      const kept = await stores.launches.list(Math.min(limit, MAX_LAUNCHES), id);
      return kept.filter(({ runbook }) => mayDo(actor, 'schedule.read', { runbook }));
    },

    async pause({ id, reason }) {
      const { actor } = await allowed(id, 'schedule.change');
      await translated(() => control.pause(id, `paused by ${actor.person}: ${reason}`));
    },
    async resume({ id }) {
      const { actor } = await allowed(id, 'schedule.change');
      await translated(() => control.resume(id, `resumed by ${actor.person}`));
    },
    async trigger({ id }) {
      await allowed(id, 'schedule.trigger');
      await translated(() => control.trigger(id));
    },
    async remove({ id }) {
      await allowed(id, 'schedule.change');
      await translated(() => control.remove(id));
    },
  };
}

/** Temporal's list may be a moment behind: those of the file are asked for by name. */
async function inForceOf(
  control: ScheduleControl,
  { runbook, launches }: WantedSchedules,
): Promise<ListedSchedule[]> {
  const wanted = await Promise.all(launches.map(({ schedule }) => control.find(schedule)));
  const listed = (await control.list()).filter(({ launch }) => launch.runbook === runbook.name);
  const byId = new Map(
    [...listed, ...wanted].flatMap((one) => (one === undefined ? [] : [[one.id, one] as const])),
  );
  return [...byId.values()];
}

function viewOf(
  { id, launch, paused, note, next }: ListedSchedule,
  launches: readonly Launch[],
): ScheduleView {
  const [last] = launches;
  const [first] = next;
  return {
    id,
    ...termsOf(launch),
    paused,
    ...(note === undefined ? {} : { note }),
    appliedBy: launch.appliedBy,
    appliedAt: launch.appliedAt,
    ...(first === undefined || paused ? {} : { next: first }),
    ...(last === undefined ? {} : { last }),
  };
}
