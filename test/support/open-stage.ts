import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { RunView, StartRequest } from '../../src/client/index.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.ts';
import { openData, type Data } from '../../src/stack/data.ts';
import { musterWith } from '../../src/stack/muster-on.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { controlOn } from '../../src/stack/temporal-control.ts';
import { startWorker, type RunningWorker, type WorkerOptions } from '../../src/stack/worker.ts';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { NOBODY, type Actor } from '../../src/model/actor.ts';
import type { StepRecord } from '../../src/model/run.ts';
import { personMuster, type PersonMuster } from './person-muster.ts';
import { spareTables } from './postgres.ts';
import { noteNoPromises } from './quiet-promises.ts';
import { simulatorAccount } from './simulator-account.ts';

/** An hour of the simulator takes six seconds. */
const TIME_SCALE = 600;
/** A look at a run costs 25 ms of CPU: the longer `until` waits, the less often it looks. */
const FIRST_LOOK_MS = 25;
const LOOK_LATER_BY = 1.25;
const LAST_LOOK_MS = 500;
/** How long it waits before the test fails. */
const GIVE_UP_AFTER_MS = 90_000;

/** Signals that arrived together are one batch of the history, which no page divides: a flood's is over 4 MB. */
const WHOLE_HISTORIES = { 'grpc.max_receive_message_length': 64 * 1_024 * 1_024 };

let stages = 0;

export interface StageSetup extends SimulatorOptions {
  /** Text of `muster.yaml`; default the one that ships. */
  readonly config?: string;
  /** Whether a worker runs in this process from the start. Default true. */
  readonly worker?: boolean;
  readonly maxCachedWorkflows?: number;
}

/** The servers that a stage is on, and the workflows that its workers run. */
export interface StagePlace {
  readonly address: string;
  readonly bundlePath: string;
  /** PostgreSQL; a stage makes tables of its own in it. */
  readonly databaseUrl: string;
}

/** A muster of its own: simulator, data folder, task queue; only Temporal and PostgreSQL are shared. */
export interface Stage {
  readonly simulator: Simulator;
  readonly muster: PersonMuster;
  readonly client: Client;
  readonly data: Data;
  readonly folder: string;
  readonly taskQueue: string;
  /** Leads to its tables. */
  readonly databaseUrl: string;
  /** Starts a runbook of `runbooks/` by name, or the given text; as anna, as an exercise, in a drill by default. */
  start(
    runbook: string,
    options?: Partial<Omit<StartRequest, 'text' | 'file'>> & { person?: string },
  ): Promise<string>;
  /** Starts a worker in this process; it stops with the stage at the latest. */
  startWorker(options?: Pick<WorkerOptions, 'shutdownGraceMs'>): Promise<RunningWorker>;
  /** Starts a worker as a process that can be killed. Resolves when it takes work. */
  spawnWorker(): Promise<ChildProcess>;
  /** Waits until a run looks as wanted. @throws Error with the run as it stands, after 90 s */
  until(runId: string, wanted: (view: RunView) => boolean): Promise<RunView>;
  /** Waits until the gate at `path` is open. */
  gate(runId: string, path: string): Promise<StepRecord>;
  /** Waits until the run has ended and answers it as it then stands. */
  ended(runId: string): Promise<RunView>;
  close(): Promise<void>;
}

/** Opens a stage on a Temporal server. Close it at the end. */
export async function openStageOn(
  { address, bundlePath, databaseUrl }: StagePlace,
  setup: StageSetup = {},
): Promise<Stage> {
  const { config, worker: withWorker = true, maxCachedWorkflows, scenario, ...simulation } = setup;
  const account = simulatorAccount(scenario);
  const folder = await mkdtemp(join(tmpdir(), 'muster-stage-'));
  const configFile = join(folder, 'muster.yaml');
  const written = config ?? (await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8'));
  const passwordFile = join(folder, 'simulator-password');
  await writeFile(configFile, account.configured(written, passwordFile));
  await writeFile(passwordFile, account.password);
  await mkdir(join(folder, 'logs'));
  const simulator = await startSimulator({
    timeScale: TIME_SCALE,
    ...simulation,
    scenario: account.scenario,
  });
  const dataDir = join(folder, 'data');
  const tables = await spareTables(databaseUrl);
  const data = await openData({
    configFile,
    dataDir,
    simulatorUrls: simulator.urls,
    databaseUrl: tables.url,
  });
  const namespace = 'default';
  const taskQueue = `test-${process.pid}-${(stages += 1)}`;
  const connection = await Connection.connect({ address, channelArgs: WHOLE_HISTORIES });
  const client = new Client({ connection, namespace });
  const { control, close } = controlOn({ address, namespace, taskQueue }, data.config);
  const muster = personMuster((as) => musterWith({ control, actor: () => actorCalled(data, as) }, data));
  const closing = new AbortController();
  const workers: RunningWorker[] = [];
  const children: ChildProcess[] = [];
  logWorkersTo(join(tmpdir(), `muster-test-workers-${process.pid}.log`));

  const stage: Stage = {
    simulator,
    muster,
    client,
    data,
    folder,
    taskQueue,
    databaseUrl: tables.url,
    async start(runbook, request = {}) {
      const isText = runbook.includes('\n');
      const file = isText ? 'test.yaml' : join('runbooks', `${runbook}.yaml`);
      const text = isText ? runbook : await readFile(join(PROJECT_ROOT, file), 'utf8');
      const { runId } = await muster.start({
        file,
        text,
        mode: 'drill',
        purpose: 'exercise',
        inputs: {},
        person: 'anna',
        ...request,
      });
      return runId;
    },
    async startWorker(options = {}) {
      const worker = await startWorker({
        ...data,
        keys: [data.keys],
        address,
        namespace,
        bundlePath,
        taskQueue,
        inThisThread: true,
        ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
        ...options,
      });
      noteNoPromises();
      workers.push(worker);
      return worker;
    },
    async spawnWorker() {
      const { vro, vbr, one, app } = simulator.urls;
      const settings = {
        configFile,
        dataDir,
        address,
        namespace,
        bundlePath,
        taskQueue,
        logFile: join(folder, 'logs', 'worker.log'),
        simulatorUrls: { vro, vbr, one, app },
      };
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(PROJECT_ROOT, 'src/stack/worker-main.ts'), JSON.stringify(settings)],
        {
          cwd: PROJECT_ROOT,
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, DATABASE_URL: tables.url },
        },
      );
      children.push(child);
      await once(child.stdout, 'data');
      return child;
    },
    async until(runId, wanted) {
      let nextLookMs = FIRST_LOOK_MS;
      const deadline = Date.now() + GIVE_UP_AFTER_MS;
      for (;;) {
        const view = await muster.show(runId).catch((error: unknown) => error);
        if (!(view instanceof Error) && wanted(view as RunView)) return view as RunView;
        if (Date.now() > deadline) {
          throw new Error(`not as wanted in time: ${briefly(view)}`, { cause: view });
        }
        await pause(nextLookMs);
        nextLookMs = Math.min(nextLookMs * LOOK_LATER_BY, LAST_LOOK_MS);
      }
    },
    async gate(runId, path) {
      const view = await stage.until(runId, ({ steps }) => {
        const step = steps.find((one) => one.path === path);
        return step?.state === 'waiting' && step.gate?.closedAt === undefined;
      });
      return stepOf(view, path);
    },
    async ended(runId) {
      // The server says when: what comes before its end needs no look. How it ended, the look afterwards says.
      const end = (): Promise<unknown> => client.workflow.getHandle(runId).result();
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]);
      await client.withAbortSignal(signal, end).catch(() => undefined);
      return stage.until(runId, ({ timeline }) => timeline.endedAt !== undefined);
    },
    async close() {
      // What still waits would be asked for once more on a connection that is gone.
      closing.abort();
      await Promise.all(workers.map((worker) => worker.stop().catch(() => undefined)));
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await muster.close();
      await close();
      await connection.close();
      await simulator.close();
      await data.stores.close();
      await tables.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (withWorker) await stage.startWorker();
  return stage;
}

/** A stage believes names, whatever servers it has: most tests are about something else than signing in. */
async function actorCalled({ identity }: Data, name: string | undefined): Promise<Actor> {
  if (name === undefined) return NOBODY;
  const person = await identity.person(name);
  if (person === undefined || person.revoked !== undefined) return identity.asserted(name);
  const { id, kind, grants } = person;
  return { person: id, name: person.name, kind, grants, via: 'local', assurance: 'asserted' };
}

/** The record of a step. @throws Error when the run has no such step */
export function stepOf({ steps }: Pick<RunView, 'steps'>, path: string): StepRecord {
  const step = steps.find((one) => one.path === path);
  if (step === undefined) throw new Error(`no step ${path}`);
  return step;
}

/** What a failing test needs to know of a run. */
function briefly(view: unknown): string {
  if (view instanceof Error) return view.message;
  const { state, steps } = view as RunView;
  const lines = steps.map(({ path, state: at, outcome, reason, failure }) =>
    [path, at, outcome, reason, failure?.message].filter((part) => part !== undefined).join(' '),
  );
  return [state, ...lines].join('\n');
}
