import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ConfigError, loadConfig, type Config } from '../../src/config/index.ts';

/** Loads configurations of these texts, each from a file of its own in one folder, which goes with the test file. */
export async function configLoader(options: Omit<Parameters<typeof loadConfig>[0], 'file'> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-config-'));
  afterAll(() => rm(folder, { recursive: true }));
  let files = 0;

  async function load(yaml: string): Promise<Config> {
    const file = join(folder, `${(files += 1)}.yaml`);
    await writeFile(file, yaml);
    return loadConfig({ file, environmentVariables: {}, ...options });
  }

  /** The problems of a configuration, as `path: message`. */
  async function problemsOf(yaml: string): Promise<string[]> {
    const error = await load(yaml).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConfigError)) throw new Error('It was accepted.');
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }

  return { folder, load, problemsOf };
}
