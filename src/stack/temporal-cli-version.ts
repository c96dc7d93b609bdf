import { runCommand } from './run-command.ts';

/** The Temporal CLI that muster downloads or builds: the newest whose module builds from Go's module proxy. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

/** A cold start of a binary of 200 MB on a busy disk has taken more than 4 s; this also bounds one that hangs. */
const ANSWER_LIMIT_MS = 15_000;

/** The oldest CLI, and the oldest server in it, that muster is tried with. */
const OLDEST_CLI = [1, 5] as const;
const OLDEST_SERVER = [1, 29] as const;

/** What `temporal --version` said. */
export interface CliVersion {
  /** e.g. `1.5.1`; a CLI that was built by hand says `0.0.0-DEV`. */
  readonly cli: string;
  /** Version of the server inside, e.g. `1.29.1`. */
  readonly server: string | undefined;
}

/** Asks an executable for its version; undefined when it is no Temporal CLI, cannot be run, or does not answer. */
export async function askCliVersion(path: string, signal?: AbortSignal): Promise<CliVersion | undefined> {
  try {
    const { code, output } = await runCommand({
      command: path,
      args: ['--version'],
      timeoutMs: ANSWER_LIMIT_MS,
      signal,
    });
    const found = /^temporal version (\S+)(?:.*\bServer (\d[\w.-]*))?/m.exec(output);
    return code === 0 && found?.[1] !== undefined ? { cli: found[1], server: found[2] } : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Whether the CLI is new enough. One that does not know its own version is judged by the server inside. */
export function isNewEnough({ cli, server }: CliVersion): boolean {
  if (!cli.startsWith('0.')) return isAtLeast(cli, OLDEST_CLI);
  return server !== undefined && isAtLeast(server, OLDEST_SERVER);
}

/** Compares major and minor. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [hasMajor = 0, hasMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}
