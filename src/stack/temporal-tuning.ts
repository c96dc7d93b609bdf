/** Settings of the Temporal server, by key; values as in JSON. */
export type DynamicConfig = Readonly<Record<string, string | number | boolean>>;

/** What `start-dev` does by itself: one shard, whose queues are read at most 20 times a second. */
export const DEFAULT_DYNAMIC_CONFIG: DynamicConfig = {};
export const TUNED_DYNAMIC_CONFIG: DynamicConfig = {
  'history.transferProcessorMaxPollRPS': 1_000,
  'system.enableActivityEagerExecution': true,
  'history.timerProcessorMaxTimeShift': '10ms',
  'history.timerProcessorMaxPollRPS': 1_000,
};
