import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endWithParent } from './child-processes.ts';
import { tailOf } from './log-tail.ts';
import { demandFreePort, findFreePorts } from './ports.ts';
import { sendSignal } from './process-identity.ts';
import { StackError } from './stack-error.ts';
import { waitUntilReady } from './temporal-ready.ts';
import { DEFAULT_DYNAMIC_CONFIG, TUNED_DYNAMIC_CONFIG } from './temporal-tuning.ts';
import type { DynamicConfig } from './temporal-tuning.ts';

const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;

/** Measured: a start takes 1 s. A slow disk and a busy machine get the benefit of the doubt. */
const START_LIMIT_MS = 60_000;
/** Measured: a stop takes 0.3 s. After this the database is cut off as by a crash, which it survives. */
const STOP_GRACE_MS = 10_000;
/** A free port can be taken by somebody else before the server listens on it: then others are tried. */
const MAX_ATTEMPTS = 3;

/** What the CLI says when it cannot listen. */
const PORT_TROUBLE = /address already in use|can't (?:set|use) .*port|ephemeral port/i;

/** Types of search attributes that `start-dev` knows. */
export type SearchAttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export interface TemporalServerOptions {
  readonly cliPath: string;
  /** The SQLite file that holds everything; made when it is not there. */
  readonly dbFile: string;
  /** Where the server's own output goes, appended. */
  readonly logFile: string;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  /** Default: loopback. The server has neither TLS nor logins, so any other address opens it to everybody. */
  readonly host?: string;
  /** Exactly this port. Default: 7233, or a free one when that is taken. */
  readonly port?: number;
  /** Exactly this port for the web UI. Default: 8233, or a free one when that is taken. */
  readonly uiPort?: number;
  /** Default: `tuned`. */
  readonly tuning?: 'tuned' | 'default' | DynamicConfig;
  /** Told the process id as soon as there is one, before the server answers. */
  readonly onSpawn?: (pid: number) => void;
  /** Told when the server ends and nobody asked it to. */
  readonly onExit?: (end: ServerEnd) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How a server ended that should not have. */
export interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that answers. */
export interface TemporalServer {
  /** For Temporal clients: `host:port`. */
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  readonly namespace: string;
  /** Ends the server in order and comes back when it is gone. Doing it twice is fine. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the Temporal dev server and comes back when it answers and its namespace is set up. It runs in a session of
 * its own, so that Ctrl-C in the terminal leaves it to {@link TemporalServer.stop}: workers can finish first. It ends
 * with this process in any case (but SIGKILL).
 *
 * @throws StackError `stack.portTaken`, `stack.temporalNotStarted` with the last lines of its log, `stack.cancelled`
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { host = '127.0.0.1', port, uiPort } = options;
  if (port !== undefined) await demandFreePort({ host, port });
  if (uiPort !== undefined) await demandFreePort({ host, port: uiPort });
  const preferred = [port ?? DEFAULT_PORT, uiPort ?? DEFAULT_UI_PORT];
  for (let attempt = 1; ; attempt += 1) {
    const [foundPort = 0, foundUiPort = 0] = await findFreePorts({ host, preferred });
    const ports = { host, port: port ?? foundPort, uiPort: uiPort ?? foundUiPort };
    const started = await startOn(ports, options);
    if (started.ok) return started.server;
    if (!started.portTaken) throw notStarted(started);
    if (attempt === MAX_ATTEMPTS || port !== undefined || uiPort !== undefined) {
      throw new StackError('stack.portTaken', `The Temporal server could not listen:\n${started.log}`);
    }
  }
}

type Ports = { readonly host: string; readonly port: number; readonly uiPort: number };
type NotStarted = { readonly ok: false; readonly why: string; readonly log: string; readonly cause: unknown };
type Started =
  { readonly ok: true; readonly server: TemporalServer } | (NotStarted & { readonly portTaken: boolean });

async function startOn(ports: Ports, options: TemporalServerOptions): Promise<Started> {
  const { namespace, logFile, onSpawn, onExit, signal } = options;
  await Promise.all([options.dbFile, logFile].map((file) => mkdir(dirname(file), { recursive: true })));
  const log = await open(logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const child = spawn(options.cliPath, argumentsOf(ports, options), {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  endWithParent(child);
  const ended = endOf(child);
  await log.close();
  if (child.pid !== undefined) onSpawn?.(child.pid);

  const address = `${ports.host}:${ports.port}`;
  const givingUp = new AbortController();
  const limits = [
    givingUp.signal,
    AbortSignal.timeout(START_LIMIT_MS),
    ...(signal === undefined ? [] : [signal]),
  ];
  const ready = waitUntilReady({ address, namespace, signal: AbortSignal.any(limits) });
  try {
    await Promise.race([ready, ended.then(rejectEarlyEnd)]);
  } catch (error) {
    givingUp.abort();
    await Promise.allSettled([ready, stopChild(child, ended)]);
    if (signal?.aborted === true) {
      throw new StackError('stack.cancelled', 'Starting the Temporal server was cancelled.', {
        cause: error,
      });
    }
    const lines = await tailOf(logFile, { from: logStart });
    // A panic is longer than what a person wants to see; its reason is its first line.
    const whole = await tailOf(logFile, { from: logStart, lines: 200 });
    const why = error instanceof EarlyEnd ? error.message : `no answer within ${START_LIMIT_MS / 1_000} s`;
    return { ok: false, why, log: lines, cause: error, portTaken: PORT_TROUBLE.test(whole) };
  }

  let stopping = false;
  void ended.then((end) => {
    if (!stopping && !(end instanceof Error)) onExit?.(end);
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    await stopChild(child, ended);
  };
  const uiUrl = `http://${ports.host}:${ports.uiPort}`;
  return { ok: true, server: { address, uiUrl, pid: child.pid ?? 0, namespace, stop } };
}

function argumentsOf({ host, port, uiPort }: Ports, options: TemporalServerOptions): string[] {
  const { tuning = 'tuned', dbFile, namespace, searchAttributes } = options;
  const named = { tuned: TUNED_DYNAMIC_CONFIG, default: DEFAULT_DYNAMIC_CONFIG };
  const config = typeof tuning === 'string' ? named[tuning] : tuning;
  return [
    ...['server', 'start-dev', '--ip', host, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', dbFile, '--namespace', namespace, '--log-level', 'warn', '--color', 'never'],
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(config).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}

/** The server process ended, or could not be started, while it was waited for. */
class EarlyEnd extends Error {
  override readonly name = 'EarlyEnd';
}

function rejectEarlyEnd(end: ServerEnd | Error): never {
  if (end instanceof Error) throw new EarlyEnd(end.message, { cause: end });
  throw new EarlyEnd(`it ended with ${end.signal ?? `exit code ${String(end.code)}`}`);
}

function notStarted({ why, log, cause }: NotStarted): StackError {
  return new StackError('stack.temporalNotStarted', `The Temporal server did not start: ${why}.\n${log}`, {
    cause,
  });
}

/** Never rejects: how the process ended, or why it could not be started. */
async function endOf(child: ChildProcess): Promise<ServerEnd | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const { pid } = child;
  sendSignal(pid, 'SIGTERM');
  const kill = setTimeout(() => sendSignal(pid, 'SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(kill);
}
