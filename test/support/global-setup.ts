import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { filesWithSecrets } from './secret-search.ts';
import { startTemporal } from './temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The suite's Temporal server, `host:port`, tuned; its namespace is `default`, as in every dev server. */
    temporalAddress: string;
    /** The suite's PostgreSQL; each test has tables of its own in it (`databaseForTest`). */
    databaseUrl: string;
    /** For tests that start a server of their own. */
    temporalCliPath: string;
    /** For workers: `workflowBundle: { codePath }`. */
    workflowBundlePath: string;
  }
}

/** One Temporal server, one PostgreSQL and one workflow bundle for the whole suite; each test has its own task queue and tables. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startTemporal((line) => void process.stderr.write(`${line}\n`));
  const postgres = await startPostgres();
  project.provide('databaseUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalCliPath', temporal.cliPath);
  project.provide('workflowBundlePath', temporal.bundlePath);
  const begun = Date.now();
  return async () => {
    const found = await filesWithSecrets([temporal.folder, postgres.folder, ...(await workerLogs(begun))]);
    await temporal.stop();
    await postgres.stop();
    if (found.length > 0) {
      // What a teardown throws is told, and fails nothing by itself.
      process.exitCode = 1;
      throw new Error(`Secrets of simulated servers are in ${found.join(', ')}.`);
    }
  };
}

/** What the workers of the tests have said since. */
async function workerLogs(since: number): Promise<readonly string[]> {
  const names = (await readdir(tmpdir())).filter((name) => /^muster-test-workers-\d+\.log$/.test(name));
  const files = names.map((name) => join(tmpdir(), name));
  const changed = await Promise.all(files.map((file) => stat(file).then(({ mtimeMs }) => mtimeMs >= since)));
  return files.filter((_, index) => changed[index]);
}
