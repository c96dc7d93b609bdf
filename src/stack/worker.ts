import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { TASK_QUEUE, watchQueueOf } from '../../workflows/messages.ts';
import type { Config } from '../config/index.ts';
import type { Identity, PublicVoteKey } from '../identity/index.ts';
import type { Database, Stores } from '../store/index.ts';
import { openConnections } from './connections.ts';
import { createLauncher } from './launcher.ts';
import { rememberingDeps } from './remembered.ts';
import { controlOn } from './temporal-control.ts';
import { temporalOptions, type TemporalPlace } from './temporal-place.ts';
import { depsOf } from './worker-deps.ts';
import { startWriteAhead } from './write-ahead.ts';

/** How long a worker that is asked to stop waits for what it has begun: longer than a command needs to be answered. */
const SHUTDOWN_GRACE = '20s';
/** A watch lasts for hours and changes nothing: it is left at once, and another worker takes it up. */
const WATCH_SHUTDOWN_GRACE = '100ms';
/** Heartbeats leave at most this late, so cancellation and progress are at most a second old. */
const HEARTBEAT_THROTTLE = '1s';
/**
 * How long a run waits for the worker that has it in its cache before another may replay it. Ten seconds by default,
 * in which nobody could look at the runs of a worker that died; too short, and a busy worker loses its cache.
 */
const STICKY_TIMEOUT = '3s';
/** Reads and commands at once on one worker. */
const MAX_ACTIVITIES = 100;
/** Watches at once on one worker: each is a timer and a small request now and then. */
const MAX_WATCHES = 500;

/** The task queue is that of the runs; watches go to a queue beside it. */
export interface WorkerOptions extends TemporalPlace {
  readonly config: Config;
  readonly stores: Stores;
  /** Of the stores. */
  readonly database: Database;
  readonly keys: readonly PublicVoteKey[];
  readonly identity: Identity;
  readonly bundlePath: string;
  /** For tests. */
  readonly maxCachedWorkflows?: number;
  /** For tests: how long it waits for what it has begun when it is asked to stop. Default 20 seconds. */
  readonly shutdownGraceMs?: number;
  /** For tests: workflows run in the thread that starts them, which costs a tenth of starting one for them. */
  readonly inThisThread?: boolean;
}

/** A worker that runs. */
export interface RunningWorker {
  /** Settles when the worker has stopped; rejects when it broke. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the two workers of muster: runs with their reads and commands, and watches.
 *
 * @throws ConfigError, VeeamError for connections that cannot work; Temporal's own errors when it cannot be reached
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config, namespace, bundlePath, taskQueue = TASK_QUEUE, maxCachedWorkflows, inThisThread } = options;
  const connections = openConnections(config);
  const connection = await NativeConnection.connect(await temporalOptions(options, config));
  const temporal = controlOn(options, config);
  const launcher = createLauncher({ ...options, control: temporal.control });
  const deps = depsOf(options, connections);
  const ahead =
    config.writeAhead === undefined
      ? undefined
      : await startWriteAhead({
          folder: config.writeAhead.folder,
          database: options.database,
          onTrouble: (error) => {
            Runtime.instance().logger.error('what was written ahead cannot be merged', { error });
          },
        });
  const own = ahead === undefined ? deps : { ...deps, ...rememberingDeps(deps, ahead.file) };
  // What is remembered of freezes is a second old.
  ahead?.also(() => own.stores.freezes.pending(own.now()));
  const activities = createActivities({ ...own, launcher });
  const common = {
    connection,
    namespace,
    activities,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
  } as const;
  const workers = await Promise.all([
    Worker.create({
      ...common,
      shutdownGraceTime: options.shutdownGraceMs ?? SHUTDOWN_GRACE,
      taskQueue,
      workflowBundle: { codePath: bundlePath },
      maxConcurrentActivityTaskExecutions: MAX_ACTIVITIES,
      stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
      ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
      ...(inThisThread === true && { debugMode: true }),
    }),
    Worker.create({
      ...common,
      shutdownGraceTime: WATCH_SHUTDOWN_GRACE,
      taskQueue: watchQueueOf(taskQueue),
      maxConcurrentActivityTaskExecutions: MAX_WATCHES,
    }),
  ]);
  const stopped = Promise.all(workers.map((worker) => worker.run())).then(async () => {
    await connection.close();
    await connections.close();
    await temporal.close();
    await ahead?.stop();
  });
  // Whoever stops it waits for it; until then nobody may be listening.
  stopped.catch(() => undefined);
  return {
    stopped,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}
