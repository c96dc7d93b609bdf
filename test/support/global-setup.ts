import type { TestProject } from 'vitest/node';
import { startTemporal } from './temporal.ts';

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

/** One Temporal server and one workflow bundle for the whole suite; each test has its own task queue. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startTemporal((line) => void process.stderr.write(`${line}\n`));
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalCliPath', temporal.cliPath);
  project.provide('workflowBundlePath', temporal.bundlePath);
  return temporal.stop;
}
