/** Settings of the Temporal server, by key; values as in JSON. */
export type DynamicConfig = Readonly<Record<string, string | number | boolean>>;

/**
 * What `start-dev` does by itself: one shard, whose queues are read at most 20 times a second. A server that was idle
 * has a second's worth of reads to spare: the first 20 hops after a pause cost nothing, so only measurements without
 * pauses show the 102 ms a step (a 20-step run after a pause: 54 ms).
 */
export const DEFAULT_DYNAMIC_CONFIG: DynamicConfig = {};

/**
 * The settings muster runs its own server with. Measured with server 1.29.1 on a SQLite file, two cores, 20 activities
 * in sequence and 100 in parallel: a step takes 12 to 13 ms instead of 102 ms, 100 in parallel take as long as before.
 */
export const TUNED_DYNAMIC_CONFIG: DynamicConfig = {
  // Every hop of a run waits for the next read of the one shard's transfer queue, 50 ms by default, and a step has two
  // hops. Alone it takes a step from 102 to 16 ms. 100, 200, 1000 and 2000 are all alike; the lowest that never waits
  // with a few runs at once also bounds what a busy queue costs.
  'history.transferProcessorMaxPollRPS': 200,
  // The answer that schedules an activity hands it to the worker that asked, without a hop: 16 to 12 ms a step. Alone it
  // takes a step to 52 ms. With 100 in parallel it makes no difference: a worker takes 3 of them this way.
  'system.enableActivityEagerExecution': true,
  // Timers and retries fire up to 1 s late by default. 20 sleeps of 200 ms take 4.3 s instead of 20.1 s, 20 attempts
  // 200 ms apart 4.0 s instead of 19.1 s. The server's idle load stays at 0.2 % of a core.
  'history.timerProcessorMaxTimeShift': '10ms',
  // The timer queue is read as seldom as the other by default, which would bring 50 ms back for every timer.
  'history.timerProcessorMaxPollRPS': 200,
};
