import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, writeFileAtomically } from './atomic-file.ts';
import { StackError } from './stack-error.ts';

/** Everything the bundle is made of, and the lock file for the SDK, which must be exactly the worker's. */
const SOURCES = ['workflows', 'src/model', 'src/catalog', 'package-lock.json'] as const;

/** Bundles kept: going back and forth between two branches costs nothing. */
const KEPT_BUNDLES = 3;

/** A prebuilt bundle of the workflow code. */
export interface WorkflowBundle {
  /** For a worker: `workflowBundle: { codePath }`. */
  readonly codePath: string;
  readonly bytes: number;
  /** Whether it was made now; else it was in the cache. */
  readonly rebuilt: boolean;
}

/**
 * Bundles `workflows/index.ts`, or takes the bundle of the same sources from the cache. Bundling takes a second or two
 * and loads a compiler; a cached one costs milliseconds.
 *
 * @param cacheDir default: `.cache` in the project; bundles lie in its folder `workflows`
 * @param sources files and folders under `projectRoot` that decide what is in it
 * @param interceptors modules under `projectRoot` with interceptors of workflows
 * @throws StackError `stack.workflowBundleFailed` with what the bundler says
 */
export async function loadWorkflowBundle({
  projectRoot,
  cacheDir = join(projectRoot, '.cache'),
  entry = 'workflows/index.ts',
  sources = SOURCES,
  interceptors = [],
  onProgress,
}: {
  projectRoot: string;
  cacheDir?: string;
  entry?: string;
  sources?: readonly string[];
  interceptors?: readonly string[];
  onProgress?: (line: string) => void;
}): Promise<WorkflowBundle> {
  const folder = join(cacheDir, 'workflows');
  const codePath = join(folder, `${await hashOf(projectRoot, sources)}.js`);
  const cachedBytes = await sizeOf(codePath);
  if (cachedBytes !== undefined) {
    // Used now: the pruning goes by time.
    await utimes(codePath, new Date(), new Date());
    return { codePath, bytes: cachedBytes, rebuilt: false };
  }
  onProgress?.('Bundling the workflows.');
  const code = await bundle(
    join(projectRoot, entry),
    interceptors.map((module) => join(projectRoot, module)),
  );
  await writeFileAtomically(codePath, code);
  await prune(folder);
  return { codePath, bytes: Buffer.byteLength(code), rebuilt: true };
}

async function bundle(workflowsPath: string, workflowInterceptorModules: string[]): Promise<string> {
  // Loaded only here: it brings webpack with it.
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const said: string[] = [];
  const keep = (message: string) => void said.push(message);
  const ignore = () => undefined;
  const logger = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: keep, error: keep };
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger });
    return code;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const details = [reason, ...said].join('\n');
    throw new StackError('stack.workflowBundleFailed', `The workflow code cannot be bundled:\n${details}`, {
      cause: error,
    });
  }
}

async function hashOf(projectRoot: string, sources: readonly string[]): Promise<string> {
  const files = (await Promise.all(sources.map((source) => filesUnder(projectRoot, source)))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(join(projectRoot, file));
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

/** The files of a folder, or the one file, as paths under the project; none when it is not there. */
async function filesUnder(projectRoot: string, source: string): Promise<string[]> {
  try {
    if (!(await stat(join(projectRoot, source))).isDirectory()) return [source];
    const entries = await readdir(join(projectRoot, source), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((file) => join(file.parentPath, file.name).slice(projectRoot.length + 1));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two processes may prune at once: what is gone already is no trouble. */
async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const bundles = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      usedAt: await stat(join(folder, name)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = bundles.sort((a, b) => b.usedAt - a.usedAt).slice(KEPT_BUNDLES);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
