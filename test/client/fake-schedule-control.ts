import type { ListedSchedule, ScheduleControl } from '../../src/control/index.ts';
import { ControlError } from '../../src/control/index.ts';

/** Schedules in memory, as Temporal keeps them. */
export function fakeScheduleControl(): ScheduleControl & { readonly triggered: string[] } {
  const kept = new Map<string, ListedSchedule>();
  const triggered: string[] = [];
  const change = (id: string, over: Partial<ListedSchedule>): void => {
    const found = kept.get(id);
    if (found === undefined) throw new ControlError('schedule.notFound');
    kept.set(id, { ...found, ...over });
  };
  return {
    triggered,
    list: async () => [...kept.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    find: async (id) => kept.get(id),
    put: async (launch) => {
      const { schedule: id } = launch;
      const { paused = false } = kept.get(id) ?? {};
      kept.set(id, { id, launch, paused, next: [] });
    },
    remove: async (id) => void kept.delete(id),
    pause: async (id, note) => change(id, { paused: true, note }),
    resume: async (id, note) => change(id, { paused: false, note }),
    trigger: async (id) => {
      change(id, {});
      triggered.push(id);
    },
  };
}
