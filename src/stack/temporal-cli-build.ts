import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { runCommand } from './run-command.ts';
import type { MakeResult } from './temporal-cli-download.ts';
import { isAtLeast, TEMPORAL_CLI_VERSION } from './temporal-cli-version.ts';

/** What `tools/temporal/go.mod` asks for. */
const OLDEST_GO = [1, 25] as const;
const ANSWER_LIMIT_MS = 4_000;
/** Measured: 2.5 minutes with 2 cores and empty caches. */
const BUILD_LIMIT_MS = 30 * 60_000;
const PROGRESS_EVERY_MS = 3_000;

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
const VERSION_VARIABLE = 'github.com/temporalio/cli/temporalcli.Version';

export type GoResult =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

/** Finds a Go on PATH that is new enough. Answers within seconds; never throws. */
export async function findGo({
  environment,
  signal,
}: {
  environment: Environment;
  signal?: AbortSignal | undefined;
}): Promise<GoResult> {
  const path = await firstOnPath('go', environment.path);
  if (path === undefined) return { ok: false, reason: 'Go is not installed' };
  try {
    const { output } = await runCommand({
      command: path,
      args: ['version'],
      timeoutMs: ANSWER_LIMIT_MS,
      // Neither a go.mod nearby nor a setting may make `go` fetch another Go first.
      cwd: tmpdir(),
      env: { ...environment.goProxyEnv, GOTOOLCHAIN: 'local' },
      signal,
    });
    const version = /go version go(\d+\.\d+\S*)/.exec(output)?.[1];
    if (version === undefined) return { ok: false, reason: `${path} does not say its version` };
    if (isAtLeast(version, OLDEST_GO)) return { ok: true, path };
    return { ok: false, reason: `Go ${version} is older than ${OLDEST_GO.join('.')}` };
  } catch (error) {
    return {
      ok: false,
      reason: `${path} cannot be run (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

/** Builds the CLI that `tools/temporal/go.mod` pins, to `target`. Throws only for reasons that are bugs. */
export async function buildTemporalCli({
  go,
  target,
  environment,
  projectRoot,
  onProgress,
  signal,
}: {
  go: string;
  target: string;
  environment: Environment;
  projectRoot: string;
  onProgress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}): Promise<MakeResult> {
  onProgress?.(`Building the Temporal CLI ${TEMPORAL_CLI_VERSION} with Go: a few minutes, this once.`);
  const started = performance.now();
  let modules = 0;
  let packages = 0;
  const tell = () => {
    const seconds = Math.round((performance.now() - started) / 1_000);
    onProgress?.(
      `Building the Temporal CLI: ${modules} modules downloaded, ${packages} packages compiled, ${seconds} s.`,
    );
  };
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  try {
    const ldflags = `-s -w -X ${VERSION_VARIABLE}=${TEMPORAL_CLI_VERSION}`;
    const { code, output } = await runCommand({
      command: go,
      // -v names the packages as they are compiled. No VCS stamp: it would need git, and trust in the folder's owner.
      args: [
        'build',
        '-v',
        '-mod=readonly',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        ldflags,
        '-o',
        target,
        PACKAGE,
      ],
      cwd: join(projectRoot, 'tools', 'temporal'),
      env: { ...environment.goProxyEnv, GOWORK: 'off' },
      timeoutMs: BUILD_LIMIT_MS,
      signal,
      onLine: (line) => {
        if (line.startsWith('go: downloading ')) modules += 1;
        else packages += 1;
      },
    });
    if (code !== 0) return { ok: false, reason: output.split('\n').slice(-10).join('\n') };
    tell();
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(timer);
  }
}

async function firstOnPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    try {
      await access(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
