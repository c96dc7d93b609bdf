import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
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
  return async () => {
    await temporal.stop();
    await postgres.stop();
  };
}
