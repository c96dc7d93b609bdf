import { access, constants, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../config/environment.ts';
import { tryPidLock } from './pid-lock.ts';
import type { PidLock } from './pid-lock.ts';
import { StackError } from './stack-error.ts';
import { buildTemporalCli, findGo } from './temporal-cli-build.ts';
import { downloadTemporalCli } from './temporal-cli-download.ts';
import { askCliVersion, isNewEnough, TEMPORAL_CLI_VERSION } from './temporal-cli-version.ts';

/** Where the Temporal CLI came from. */
export type TemporalCliSource = 'environment' | 'path' | 'cache' | 'download' | 'built';

/** A Temporal CLI that can be run. */
export interface TemporalCli {
  readonly path: string;
  readonly version: string;
  readonly source: TemporalCliSource;
}

/** The slow ways to a CLI, each writing it to `target`. Replaced in tests. */
export interface CliMakers {
  readonly download: typeof downloadTemporalCli;
  readonly findGo: typeof findGo;
  readonly build: typeof buildTemporalCli;
}

const REAL_MAKERS: CliMakers = { download: downloadTemporalCli, findGo, build: buildTemporalCli };

/** How often another process that is preparing the CLI is looked at. */
const LOOK_EVERY_MS = 200;

export interface FindTemporalCliOptions {
  readonly environment: Environment;
  /** The folder that holds `tools/temporal/go.mod`. */
  readonly projectRoot: string;
  /** Default: the environment's, else `.cache` in the project. */
  readonly cacheDir?: string;
  /** Told in short lines what takes its time. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly makers?: CliMakers;
}

/**
 * Finds the Temporal CLI: the one the environment names, `temporal` on PATH (1.5 or newer), the project's cache, the
 * official download, and at last a build with Go of the module pinned in `tools/temporal`. What was downloaded or built
 * stays in the cache; two processes at once prepare it once.
 *
 * @throws StackError `stack.temporalCliUnusable` when MUSTER_TEMPORAL_CLI does not name a Temporal CLI,
 * `stack.temporalCliMissing` when no way worked, `stack.cancelled` by the signal
 */
export async function findTemporalCli(options: FindTemporalCliOptions): Promise<TemporalCli> {
  try {
    return (await fromEnvironment(options)) ?? (await fromPath(options)) ?? (await fromCache(options));
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    throw new StackError('stack.cancelled', 'Looking for the Temporal CLI was cancelled.', { cause: error });
  }
}

async function fromEnvironment({
  environment,
  signal,
}: FindTemporalCliOptions): Promise<TemporalCli | undefined> {
  if (environment.temporalCli === undefined) return undefined;
  const path = resolve(environment.temporalCli);
  const version = await askCliVersion(path, signal);
  if (version !== undefined) return { path, version: version.cli, source: 'environment' };
  throw new StackError(
    'stack.temporalCliUnusable',
    `MUSTER_TEMPORAL_CLI is ${path}, which is no Temporal CLI.`,
  );
}

async function fromPath({
  environment,
  onProgress,
  signal,
}: FindTemporalCliOptions): Promise<TemporalCli | undefined> {
  // A relative entry would run whatever lies in the folder one happens to be in.
  for (const folder of environment.path.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, 'temporal');
    if (!(await isExecutable(path))) continue;
    const version = await askCliVersion(path, signal);
    if (version !== undefined && isNewEnough(version)) return { path, version: version.cli, source: 'path' };
    onProgress?.(
      `${path} is not used: ${version === undefined ? 'it does not answer' : `${version.cli} is too old`}`,
    );
  }
  return undefined;
}

async function fromCache(options: FindTemporalCliOptions): Promise<TemporalCli> {
  const {
    environment,
    projectRoot,
    cacheDir = environment.cacheDir ?? join(projectRoot, '.cache'),
  } = options;
  const folder = join(cacheDir, 'temporal', `${TEMPORAL_CLI_VERSION}-${process.platform}-${process.arch}`);
  const path = join(folder, 'temporal');
  const cached: TemporalCli = { path, version: TEMPORAL_CLI_VERSION, source: 'cache' };
  if (await isExecutable(path)) return cached;
  await mkdir(folder, { recursive: true });
  const lock = await waitForLock(join(folder, 'lock'), options);
  try {
    // Whoever had the lock before may have done the work.
    if (await isExecutable(path)) return cached;
    await removeDrafts(folder);
    const draft = join(folder, `temporal.${process.pid}.tmp`);
    const source = await make(draft, options);
    // Only whole binaries ever bear the name: a killed build leaves a draft, which the next one removes.
    await rename(draft, path);
    return { ...cached, source };
  } finally {
    await removeDrafts(folder);
    await lock.release();
  }
}

async function make(
  target: string,
  { environment, projectRoot, onProgress, signal, makers = REAL_MAKERS }: FindTemporalCliOptions,
): Promise<'download' | 'built'> {
  // Go is looked for meanwhile: where neither works, the answer must come soon.
  const [download, go] = await Promise.all([
    makers.download({ target, onProgress, signal }),
    makers.findGo({ environment, signal }),
  ]);
  signal?.throwIfAborted();
  if (download.ok) {
    if ((await askCliVersion(target, signal)) !== undefined) return 'download';
    onProgress?.('The downloaded Temporal CLI does not run here.');
  } else {
    onProgress?.(`The official download of the Temporal CLI cannot be used: ${download.reason}.`);
  }
  const tried = download.ok ? 'the downloaded one does not run' : `the download failed (${download.reason})`;
  const missing = (reason: string) =>
    new StackError(
      'stack.temporalCliMissing',
      `There is no Temporal CLI: none in MUSTER_TEMPORAL_CLI, none on PATH, ${tried}, and ${reason}.`,
    );
  if (!go.ok) throw missing(go.reason);
  const build = await makers.build({ go: go.path, target, environment, projectRoot, onProgress, signal });
  signal?.throwIfAborted();
  if (!build.ok) throw missing(`building it with Go failed:\n${build.reason}\n`);
  const works = (await askCliVersion(target, signal)) !== undefined;
  if (!works) throw missing('the one built with Go does not run');
  return 'built';
}

async function waitForLock(path: string, { onProgress, signal }: FindTemporalCliOptions): Promise<PidLock> {
  let told = false;
  for (;;) {
    const attempt = await tryPidLock(path);
    if (attempt.held) return attempt.lock;
    if (!told) onProgress?.(`Process ${attempt.owner.pid} is preparing the Temporal CLI; waiting for it.`);
    told = true;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder);
  const drafts = names.filter((name) => name.startsWith('temporal.') && name.endsWith('.tmp'));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
