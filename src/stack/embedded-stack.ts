import { join, resolve } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';
import { readEnvironment } from '../config/index.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { inspectDatabase } from '../store/index.ts';
import { openData, postgresFolderIn, type Data } from './data.ts';
import { acquireStackLock } from './lock.ts';
import { startPostgresServer } from './postgres/postgres-server.ts';
import { PROJECT_ROOT } from './project.ts';
import {
  endOrphanedServer,
  readStackFile,
  removeStackFile,
  writeStackFile,
  type StackFile,
} from './stack-file.ts';
import { findTemporalCli } from './temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './temporal-server.ts';
import { createLogger } from '../observe/logger.ts';
import type { HttpServer } from '../http/index.ts';
import { startKeeper } from './keeper.ts';
import { readySecrets } from './secrets.ts';
import { startServer } from './server.ts';
import { controlOn } from './temporal-control.ts';
import { startWorker } from './worker.ts';
import { logWorkersTo } from './worker-log.ts';
import { loadWorkflowBundle } from './workflow-bundle.ts';

/** The ports of the vendors, so that what one reads in Veeam's pages can be typed as it stands. */
const SIMULATOR_PORTS = { vro: 9898, vbr: 9419, one: 1239, app: 9080, control: 9081 };
const NAMESPACE = 'default';

export interface EmbeddedStackOptions {
  /** Default `muster.yaml` in the folder of muster. */
  readonly configFile?: string;
  /** Where everything is kept that must survive a restart. */
  readonly dataDir: string;
  /** Simulated milliseconds per real one. */
  readonly timeScale?: number;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Everything that muster needs, running in this process and two children: PostgreSQL, Temporal, the simulator, a worker. */
export interface EmbeddedStack extends Data {
  readonly temporal: TemporalServer;
  readonly simulator: Simulator;
  /** The API and the pages. */
  readonly server: HttpServer;
  /** Rejects when a part of the stack ended by itself. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Brings the stack up, in the order in which its parts need one another, and takes it down in the reverse order also
 * when a part does not start.
 *
 * @throws StackError, ConfigError
 */
export async function startEmbeddedStack(options: EmbeddedStackOptions): Promise<EmbeddedStack> {
  const { onProgress = () => undefined, signal } = options;
  const dataDir = resolve(options.dataDir);
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = undo.pop(); end !== undefined; end = undo.pop()) await end();
  };
  try {
    const environment = readEnvironment();
    const lock = await acquireStackLock({ folder: dataDir });
    undo.push(() => lock.release());
    // A server of somebody else's is asked before anything is fetched, built or started.
    if (environment.databaseUrl !== undefined) await inspectDatabase(environment.databaseUrl);
    await endLeftover(dataDir, onProgress);
    const cli = await findTemporalCli({ environment, projectRoot: PROJECT_ROOT, onProgress, signal });
    const bundle = await loadWorkflowBundle({ projectRoot: PROJECT_ROOT, onProgress });
    const simulator = await startSimulator({
      ports: SIMULATOR_PORTS,
      fallback: true,
      timeScale: options.timeScale,
    });
    undo.push(() => simulator.close());
    let fail: (reason: Error) => void = () => undefined;
    const broken = new Promise<never>((_, reject) => (fail = reject));
    // Whoever runs the stack listens; while it is being started nobody does.
    broken.catch(() => undefined);
    if (environment.databaseUrl === undefined) {
      onProgress('Starting PostgreSQL.');
      const postgresLog = join(dataDir, 'logs', 'postgres.log');
      const postgres = await startPostgresServer({
        folder: postgresFolderIn(dataDir),
        logFile: postgresLog,
        onProgress,
        onExit: () => {
          fail(new Error(`The PostgreSQL server ended by itself. Why is in ${postgresLog}.`));
        },
      });
      undo.push(() => postgres.stop());
    }
    const data = await openData({ ...options, dataDir, simulatorUrls: simulator.urls });
    undo.push(() => data.stores.close());
    // Now, not in the middle of a run: a database that cannot be used is told before anything starts.
    await data.stores.freezes.pending(Date.now());
    await readySecrets(data, dataDir);
    logWorkersTo(join(dataDir, 'logs', 'worker.log'));
    onProgress('Starting Temporal.');
    const dbFile = join(dataDir, 'temporal.db');
    undo.push(() => removeStackFile({ folder: dataDir }));
    const note = (temporal: StackFile['temporal'], serverUrl?: string): Promise<void> =>
      writeStackFile({ folder: dataDir, stack: stackFile(temporal, simulator, serverUrl) });
    let noted: Promise<void> = Promise.resolve();
    const temporal = await startTemporalServer({
      cliPath: cli.path,
      dbFile,
      logFile: join(dataDir, 'logs', 'temporal.log'),
      namespace: NAMESPACE,
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
      // From its first moment: were we killed now, the next stack must find and end it.
      onSpawn: (pid) => {
        noted = note({ pid, namespace: NAMESPACE, dbFile });
      },
      onExit: ({ code }) => {
        fail(new Error(`The Temporal server ended by itself (${code ?? 'signal'}).`));
      },
      signal,
    });
    undo.push(() => temporal.stop());
    await noted;
    const { pid, address, uiUrl, namespace } = temporal;
    await note({ pid, address, uiUrl, namespace, dbFile });
    const worker = await startWorker({
      ...data,
      keys: [data.keys],
      address: temporal.address,
      namespace: temporal.namespace,
      bundlePath: bundle.codePath,
    });
    undo.push(() => worker.stop());
    const { control, close } = controlOn(temporal, data.config);
    undo.push(close);
    const logger = createLogger({ file: join(dataDir, 'logs', 'server.log'), level: 'info' });
    const keeper = startKeeper({
      control,
      stores: data.stores,
      sealing: data.sealing,
      logger,
      retention: data.config.retention,
    });
    undo.push(() => keeper.stop());
    const server = await startServer(data, control, { fallback: true, logger });
    undo.push(() => server.close());
    await note({ pid, address, uiUrl, namespace, dbFile }, server.url);
    worker.stopped.catch((error: unknown) => {
      fail(error instanceof Error ? error : new Error(String(error)));
    });
    return { ...data, temporal, simulator, server, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A stack that was killed leaves its Temporal server behind, which would hold the database against us. */
async function endLeftover(dataDir: string, onProgress: (line: string) => void): Promise<void> {
  const left = await readStackFile({ folder: dataDir });
  if (left === undefined) return;
  const { pid, dbFile } = left.temporal;
  if (await endOrphanedServer({ pid, dbFile })) {
    onProgress(`Ended the Temporal server (${pid}) of a stack that was killed.`);
  }
  await removeStackFile({ folder: dataDir });
}

function stackFile(
  temporal: StackFile['temporal'],
  { urls }: Simulator,
  serverUrl: string | undefined,
): StackFile {
  const all = { ...urls, ...(serverUrl !== undefined && { server: serverUrl }) };
  return { version: 1, pid: process.pid, startedAt: new Date().toISOString(), temporal, urls: all };
}
