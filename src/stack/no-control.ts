import { ControlError, type Control } from '../control/index.ts';

/** A control where there is no Temporal: every call says so at once, and why. */
export function noControl(message: string): Control {
  const fail = async (): Promise<never> => {
    throw new ControlError('temporal.unreachable', message);
  };
  return {
    start: fail,
    list: fail,
    describe: fail,
    timeline: fail,
    timelinePage: fail,
    step: fail,
    verdict: fail,
    carried: fail,
    signalVote: fail,
    signalCancel: fail,
    openRuns: fail,
    wake: fail,
    result: fail,
    histories: fail,
    everything: fail,
    begun: fail,
    schedules: {
      list: fail,
      find: fail,
      put: fail,
      remove: fail,
      pause: fail,
      resume: fail,
      trigger: fail,
    },
  };
}
