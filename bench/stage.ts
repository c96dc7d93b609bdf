import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MusterError, type Muster, type RunView } from '../src/client/index.ts';
import type { Mode } from '../src/model/runbook.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../src/simulator/index.ts';
import { openData, type Data } from '../src/stack/data.ts';
import { openStores } from '../src/store/index.ts';
import { musterOn } from '../src/stack/muster-on.ts';
import { startPostgresServer } from '../src/stack/postgres/postgres-server.ts';
import { startTemporalServer, type TemporalServer } from '../src/stack/temporal-server.ts';
import { startWorker } from '../src/stack/worker.ts';
import { logWorkersTo } from '../src/stack/worker-log.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../workflows/messages.ts';
import { countedDatabase, withoutLedger, type CountedDatabase } from './counted-database.ts';
import type { Tools } from './tools.ts';
import type { ChecksByHand } from './workflows/checks-by-hand.ts';

/** Who does everything on a stage. */
export const PERSON = 'bench';
const CONFIG = `connections: { vro: { kind: vro, url: simulator } }
signIn: { trustLocal: true }
people: { ${PERSON}: { name: The bench, roles: [operator] } }
checks: { allow: [simulator] }
`;
const NAMESPACE = 'default';
/** Far beyond the slowest run of the bench: what is not over by then never will be. */
const GIVE_UP_AFTER_MS = 300_000;
/** How often `until` looks; times that it measures are this coarse. */
const LOOK_EVERY_MS = 5;

export interface StageOptions {
  /** Settings of the Temporal server. Default: tuned, as muster runs it. */
  readonly tuning?: 'tuned' | 'default';
  /** Between two looks at a plan. Default: as configured for a simulator. */
  readonly pollMs?: number;
  readonly simulation?: SimulatorOptions;
  /** Whether what is done is entered in the ledger. Default: as everywhere. */
  readonly ledger?: 'on' | 'off';
}

/** What Temporal says of a run that has ended. */
export interface RunCost {
  /** From the start to the end of the execution, by the server's clock. */
  readonly ms: number;
  readonly events: number;
  readonly transitions: number;
}

/** A muster of its own for one measurement: Temporal server, simulator, worker, data folder. */
export interface Stage {
  readonly muster: Muster;
  readonly client: Client;
  /** Always answers 200. */
  readonly healthUrl: string;
  /** Starts a run; answers its id. */
  start(text: string, mode?: Mode): Promise<string>;
  /** Runs a runbook to its end; answers the id of the run. @throws Error when it does not succeed */
  run(text: string, mode?: Mode): Promise<string>;
  /** Waits until a run looks as wanted. @throws Error after five minutes */
  until(runId: string, wanted: (view: RunView) => boolean): Promise<RunView>;
  costOf(workflowId: string): Promise<RunCost>;
  /** What was brought to the disk of the database so far. */
  commits(): number;
}

/** Opens a stage, and closes it whatever becomes of the work. */
export async function onStage<T>(
  { cliPath, bundlePath, unrecordedBundlePath, logFile }: Tools,
  { tuning = 'tuned', pollMs, simulation = {}, ledger = 'on' }: StageOptions,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const simulator = await startSimulator(simulation);
    undo.push(() => simulator.close());
    const postgres = await startPostgresServer({
      folder: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
    });
    undo.push(() => postgres.stop());
    const opened = await openDataIn(folder, simulator, { pollMs, databaseUrl: postgres.url });
    const database = countedDatabase(ledger === 'on' ? opened.database : withoutLedger(opened.database));
    const data = { ...opened, stores: await openStores({ database, folder: join(folder, 'data', 'store') }) };
    undo.push(() => data.stores.close());
    const server = await startServer(folder, cliPath, tuning);
    undo.push(() => server.stop());
    const { address } = server;
    logWorkersTo(logFile);
    const worker = await startWorker({
      ...data,
      keys: [data.keys],
      address,
      namespace: NAMESPACE,
      bundlePath: ledger === 'on' ? bundlePath : unrecordedBundlePath,
    });
    undo.push(() => worker.stop());
    const muster = musterOn({ address, namespace: NAMESPACE }, data, { as: PERSON });
    undo.push(() => muster.close());
    const connection = await Connection.connect({ address });
    undo.push(() => connection.close());
    const client = new Client({ connection, namespace: NAMESPACE });
    return await work(
      stageOf({ muster, client, database, healthUrl: `${simulator.urls.app}/apps/always/health` }),
    );
  } finally {
    for (let end = undo.pop(); end !== undefined; end = undo.pop()) await end();
  }
}

async function openDataIn(
  folder: string,
  { urls }: Simulator,
  { pollMs, databaseUrl }: { pollMs: number | undefined; databaseUrl: string },
): Promise<Data> {
  const configFile = join(folder, 'muster.yaml');
  await writeFile(configFile, CONFIG);
  const dataDir = join(folder, 'data');
  const data = await openData({ configFile, dataDir, simulatorUrls: urls, databaseUrl });
  if (pollMs === undefined) return data;
  // The configuration speaks of whole seconds: nobody polls a real server more often.
  const connections = [...data.config.connections].map(([name, one]) => [name, { ...one, pollMs }] as const);
  return { ...data, config: { ...data.config, connections: new Map(connections) } };
}

async function startServer(
  folder: string,
  cliPath: string,
  tuning: 'tuned' | 'default',
): Promise<TemporalServer> {
  return startTemporalServer({
    cliPath,
    tuning,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: NAMESPACE,
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
  });
}

function stageOf({
  muster,
  client,
  database,
  healthUrl,
}: {
  readonly muster: Muster;
  readonly client: Client;
  readonly database: CountedDatabase;
  readonly healthUrl: string;
}): Stage {
  const stage: Stage = {
    muster,
    client,
    healthUrl,
    commits: () => database.commits(),
    async start(text, mode = 'drill') {
      const request = {
        file: 'bench.yaml',
        text,
        mode,
        purpose: 'exercise',
        inputs: {},
      } as const;
      return (await muster.start(request)).runId;
    },
    async run(text, mode) {
      const runId = await stage.start(text, mode);
      const { outcome } = await muster.result(runId, { signal: AbortSignal.timeout(GIVE_UP_AFTER_MS) });
      if (outcome !== 'succeeded') {
        throw new Error(`The run ${runId} ${outcome}: nothing can be measured by it.`);
      }
      return runId;
    },
    async until(runId, wanted) {
      const deadline = performance.now() + GIVE_UP_AFTER_MS;
      for (;;) {
        const view = await seen(muster, runId);
        if (view !== undefined && wanted(view)) return view;
        if (performance.now() > deadline) {
          throw new Error(`The run ${runId} does not get where it should be.`);
        }
        await pause(LOOK_EVERY_MS);
      }
    },
    async costOf(workflowId) {
      const { startTime, closeTime, historyLength, raw } = await client.workflow
        .getHandle(workflowId)
        .describe();
      if (closeTime === undefined) throw new Error(`The run ${workflowId} has not ended.`);
      return {
        ms: closeTime.getTime() - startTime.getTime(),
        events: historyLength,
        transitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
      };
    },
  };
  return stage;
}

/** A run as it stands; undefined while it still loads its runbook and cannot be asked. */
async function seen(muster: Muster, runId: string): Promise<RunView | undefined> {
  try {
    return await muster.show(runId);
  } catch (error) {
    if (error instanceof MusterError && error.code === 'run.unanswered') return undefined;
    throw error;
  }
}

/** Runs the hand-written workflow on the queue of muster; answers its id. */
export async function runByHand(
  { client, healthUrl }: Stage,
  checks: Omit<ChecksByHand, 'url'>,
): Promise<string> {
  const workflowId = `by-hand-${crypto.randomUUID()}`;
  await client.workflow.execute('checksByHand', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ url: healthUrl, ...checks } satisfies ChecksByHand],
  });
  return workflowId;
}
