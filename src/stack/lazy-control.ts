import type { Control } from '../control/index.ts';

/** A control that is opened at its first call; when that fails, the call fails with it and the next one tries again. */
export function lazyControl(open: () => Promise<Control>): Control {
  let opened: Promise<Control> | undefined;
  const control = async (): Promise<Control> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    start: async (...asked) => (await control()).start(...asked),
    list: async (...asked) => (await control()).list(...asked),
    describe: async (...asked) => (await control()).describe(...asked),
    timeline: async (...asked) => (await control()).timeline(...asked),
    timelinePage: async (...asked) => (await control()).timelinePage(...asked),
    step: async (...asked) => (await control()).step(...asked),
    verdict: async (...asked) => (await control()).verdict(...asked),
    carried: async (...asked) => (await control()).carried(...asked),
    signalVote: async (...asked) => (await control()).signalVote(...asked),
    signalCancel: async (...asked) => (await control()).signalCancel(...asked),
    openRuns: async () => (await control()).openRuns(),
    wake: async () => (await control()).wake(),
    result: async (...asked) => (await control()).result(...asked),
    histories: async (...asked) => (await control()).histories(...asked),
    everything: async (...asked) => (await control()).everything(...asked),
    begun: async (...asked) => (await control()).begun(...asked),
    schedules: {
      list: async () => (await control()).schedules.list(),
      find: async (...asked) => (await control()).schedules.find(...asked),
      put: async (...asked) => (await control()).schedules.put(...asked),
      remove: async (...asked) => (await control()).schedules.remove(...asked),
      pause: async (...asked) => (await control()).schedules.pause(...asked),
      resume: async (...asked) => (await control()).schedules.resume(...asked),
      trigger: async (...asked) => (await control()).schedules.trigger(...asked),
    },
  };
}
