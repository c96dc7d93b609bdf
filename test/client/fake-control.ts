import { ControlError, type Control } from '../../src/control/index.ts';
import type { RunInput, Timeline } from '../../src/model/run.ts';
import { fakeScheduleControl } from './fake-schedule-control.ts';
import type { Verdict } from '../../src/model/vote.ts';

/** A control over one run in memory; what it was sent is kept. */
export function fakeControl({
  timeline,
  verdictAfter = 0,
  verdict = (id): Verdict => ({ id, counted: true }),
  ...over
}: Partial<Omit<Control, 'timeline' | 'verdict'>> & {
  readonly timeline?: () => Timeline;
  /** How often the verdict is asked for before it is there. */
  readonly verdictAfter?: number;
  readonly verdict?: (id: string) => Verdict | null;
} = {}): Control & {
  readonly started: { input: RunInput; runId: string }[];
  readonly votes: string[];
  readonly cancels: string[];
} {
  const started: { input: RunInput; runId: string }[] = [];
  const votes: string[] = [];
  const cancels: string[] = [];
  let asked = 0;
  const read = async (): Promise<Timeline> => {
    if (timeline === undefined) throw new ControlError('run.notFound');
    return timeline();
  };
  return {
    started,
    votes,
    cancels,
    start: async (input, runId) => {
      started.push({ input, runId });
      return { firstExecutionId: 'first-1' };
    },
    openRuns: async () => new Set(),
    wake: async () => undefined,
    histories: async () => [],
    everything: async () => ({ executions: [], missing: [], isOpen: false }),
    begun: async () => [],
    schedules: fakeScheduleControl(),
    list: async () => [],
    describe: async (runId) => ({
      runId,
      runbook: 'dr-drill',
      mode: 'drill',
      state: 'running',
      startedAt: 0,
      activities: [],
    }),
    timeline: read,
    timelinePage: read,
    step: async () => null,
    carried: async () => {
      throw new ControlError('run.notFound');
    },
    verdict: async (_runId, id) => {
      asked += 1;
      return asked > verdictAfter ? verdict(id) : null;
    },
    signalVote: async (_runId, jws) => {
      votes.push(jws);
    },
    signalCancel: async (_runId, jws) => {
      cancels.push(jws);
    },
    result: async () => ({ outcome: 'succeeded', steps: 1 }),
    ...over,
  };
}
