import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../src/simulator/index.ts';
import { postgresFolderIn } from '../../src/stack/data.ts';
import { findFreePorts } from '../../src/stack/ports.ts';
import { postgresUrlIn } from '../../src/stack/postgres/postgres-server.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { HASH } from '../identity/door.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';

/** What can be killed. */
export const VICTIMS = ['worker', 'server', 'database'] as const;
export type Victim = (typeof VICTIMS)[number];

/**
 * Whose database it is: `named` by `DATABASE_URL`, with worker and server as processes of their own; or `embedded` in
 * `muster start`, which is worker and server at once.
 */
export type DatabaseKind = 'named' | 'embedded';

/** The processes of a muster that somebody kills, beside Veeam servers that nobody does. */
export interface KilledSite {
  readonly simulator: Simulator;
  /** Of the server. */
  readonly url: string;
  readonly configFile: string;
  readonly dataDir: string;
  /** Leads to the database, wherever it runs now. */
  databaseUrl(): Promise<string | undefined>;
  /** SIGKILL, and a new one is started. Resolves when that says that it is up. */
  kill(victim: Victim): Promise<void>;
  stop(): Promise<void>;
}

/** Agents that have backups. */
export const AGENTS = ['branch-1', 'branch-2', 'branch-3'] as const;

export interface KilledPlace {
  readonly kind: DatabaseKind;
  /** Of a Temporal server that nobody kills; `muster start` has its own. */
  readonly address: string;
  readonly cliPath: string;
}

/** Starts it. Stop it at the end. */
export async function startKilledSite({ kind, address, cliPath }: KilledPlace): Promise<KilledSite> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-kills-'));
  const agentBackups = AGENTS.map((computer) => ({ name: `Agents - ${computer}`, computer }));
  const simulator = await startSimulator({
    timeScale: 600,
    scenario: { name: 'branches', vro: { plans: [] }, vbr: { agentBackups } },
  });
  const [port = 0] = await findFreePorts({ host: '127.0.0.1', preferred: [0] });
  const [configFile, dataDir] = [join(folder, 'muster.yaml'), join(folder, 'data')];
  const temporal = kind === 'named' ? `temporal: { address: '${address}', namespace: default }\n` : '';
  await writeFile(configFile, configOf(simulator, port) + temporal);
  const spawnHere = (command: string, env: Readonly<Record<string, string>> = {}): Promise<ChildProcess> =>
    spawnMuster(['--config', configFile, '--data', dataDir, command], {
      MUSTER_TEMPORAL_CLI: cliPath,
      VBR_PASSWORD: simulator.world.scenario.user.password,
      ...env,
    });
  const processes =
    kind === 'named' ? await namedProcesses({ spawnHere }) : await embeddedProcesses({ dataDir, spawnHere });
  return {
    ...processes,
    simulator,
    url: `http://127.0.0.1:${port}`,
    configFile,
    dataDir,
    async stop() {
      await processes.stop();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Processes = Pick<KilledSite, 'databaseUrl' | 'kill' | 'stop'>;
type SpawnHere = (command: string, env?: Readonly<Record<string, string>>) => Promise<ChildProcess>;

async function namedProcesses({ spawnHere }: { readonly spawnHere: SpawnHere }): Promise<Processes> {
  const database = await startOwnPostgres();
  const env = { DATABASE_URL: database.url };
  let [worker, server] = await Promise.all([spawnHere('worker', env), spawnHere('server', env)]);
  return {
    databaseUrl: async () => database.url,
    async kill(victim) {
      if (victim === 'worker') {
        await killed(worker);
        worker = await spawnHere('worker', env);
      } else if (victim === 'server') {
        await killed(server);
        server = await spawnHere('server', env);
      } else {
        await database.kill();
        await database.back();
      }
    },
    async stop() {
      await Promise.all([ended(worker), ended(server)]);
      await database.stop();
    },
  };
}

async function embeddedProcesses({
  dataDir,
  spawnHere,
}: {
  readonly dataDir: string;
  readonly spawnHere: SpawnHere;
}): Promise<Processes> {
  let stack = await spawnHere('start');
  return {
    databaseUrl: () => postgresUrlIn(postgresFolderIn(dataDir)),
    async kill(victim) {
      if (victim === 'database') {
        const noted = JSON.parse(await readFile(join(postgresFolderIn(dataDir), 'server.json'), 'utf8')) as {
          pid: number;
        };
        const gone = exitOf(stack);
        process.kill(noted.pid, 'SIGKILL');
        // A stack whose database is gone ends by itself.
        await gone;
      } else {
        await killed(stack);
      }
      stack = await spawnHere('start');
    },
    stop: () => ended(stack),
  };
}

/** What a process says once it takes work. */
const UP = /Working for|Serving |muster is up/;

/** Starts the real command. Resolves when it is up. @throws Error with what it said when it ends before */
async function spawnMuster(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/muster.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: undefined, NO_COLOR: '1', ...env },
  });
  let output = '';
  const up = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (UP.test(output)) resolve();
      });
    }
  });
  const over = once(child, 'close').then(() => 'over');
  if ((await Promise.race([up, over])) === 'over') throw new Error(`${args.join(' ')} ended:\n${output}`);
  return child;
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = exitOf(child);
  child.kill('SIGKILL');
  await gone;
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = exitOf(child);
  child.kill('SIGINT');
  await gone;
}

function configOf({ urls, world }: Simulator, port: number): string {
  const credentials = `{ username: '${world.scenario.user.username}', password: { env: VBR_PASSWORD } }`;
  return `
connections:
  dr-backup: { kind: vbr, url: '${urls.vbr}', effectLag: 1s, credentials: ${credentials} }
server: { port: ${port} }
people:
  anna: { name: Anna Berg, roles: [operator], password: { scrypt: '${HASH}' } }
  boris: { name: Boris Lang, roles: [dr-manager], password: { scrypt: '${HASH}' } }
`;
}
