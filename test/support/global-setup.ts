import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../src/config/environment.ts';
import { findTemporalCli } from '../../src/stack/temporal-cli.ts';
import { startTemporalServer } from '../../src/stack/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';
import { loadWorkflowBundle } from '../../src/stack/workflow-bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The suite's Temporal server, `host:port`, tuned; its namespace is `default`, as in every dev server. */
    temporalAddress: string;
    /** For tests that start a server of their own. */
    temporalCliPath: string;
    /** For workers: `workflowBundle: { codePath }`. */
    workflowBundlePath: string;
  }
}

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** One Temporal server and one workflow bundle for the whole suite; each test has its own task queue. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onProgress = (line: string) => void process.stderr.write(`${line}\n`);
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
  project.provide('temporalAddress', server.address);
  project.provide('temporalCliPath', cli.path);
  const bundle = await loadWorkflowBundle({ projectRoot: PROJECT_ROOT, onProgress });
  project.provide('workflowBundlePath', bundle.codePath);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
