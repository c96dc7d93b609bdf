import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../src/config/environment.ts';
import { findTemporalCli } from '../../src/stack/temporal-cli.ts';
import { startTemporalServer } from '../../src/stack/temporal-server.ts';
import { loadWorkflowBundle } from '../../src/stack/workflow-bundle.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** A Temporal server of our own, and the workflows for its workers. */
export interface Temporal {
  readonly address: string;
  readonly bundlePath: string;
  readonly cliPath: string;
  /** What it keeps, and its log. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Starts a Temporal server, tuned; its namespace is `default`, as in every dev server. Stop it at the end. */
export async function startTemporal(onProgress: (line: string) => void): Promise<Temporal> {
  const environment = readEnvironment();
  const cli = await findTemporalCli({ environment, projectRoot: PROJECT_ROOT, onProgress });
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  const server = await startTemporalServer({
    cliPath: cli.path,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
  });
  const bundle = await loadWorkflowBundle({ projectRoot: PROJECT_ROOT, onProgress });
  // A copy: the cache forgets a bundle when somebody changes the workflows, and workers read it for hours.
  const bundlePath = join(folder, 'workflows.js');
  await copyFile(bundle.codePath, bundlePath);
  return {
    address: server.address,
    cliPath: cli.path,
    bundlePath,
    folder,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
