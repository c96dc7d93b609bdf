import { join } from 'node:path';
import { readEnvironment } from '../src/config/environment.ts';
import { PROJECT_ROOT } from '../src/stack/project.ts';
import { findTemporalCli } from '../src/stack/temporal-cli.ts';
import { loadWorkflowBundle } from '../src/stack/workflow-bundle.ts';

/** What is kept between two runs of the bench. */
const CACHE = join(PROJECT_ROOT, '.cache', 'bench');

/** What every measurement needs, made once. */
export interface Tools {
  readonly cliPath: string;
  /** Holds muster's workflow and the hand-written one. */
  readonly bundlePath: string;
  /** The same for runs that tell the ledger nothing. */
  readonly unrecordedBundlePath: string;
  /** What Temporal's SDK says while it works. */
  readonly logFile: string;
  /** Pairs of runs that a comparison makes. */
  readonly rounds: number;
  /** Tells whoever waits what is going on. */
  readonly say: (line: string) => void;
}

/** @throws StackError when there is no Temporal CLI, or the workflows cannot be bundled */
export async function prepareTools({ rounds, say }: Pick<Tools, 'rounds' | 'say'>): Promise<Tools> {
  const cli = await findTemporalCli({
    environment: readEnvironment(),
    projectRoot: PROJECT_ROOT,
    onProgress: say,
  });
  const parts = {
    projectRoot: PROJECT_ROOT,
    entry: 'bench/workflows/index.ts',
    sources: ['bench/workflows', 'workflows', 'src/model', 'src/catalog', 'package-lock.json'],
    onProgress: say,
  };
  const bundle = await loadWorkflowBundle({ ...parts, cacheDir: CACHE });
  const unrecorded = await loadWorkflowBundle({
    ...parts,
    cacheDir: join(CACHE, 'unrecorded'),
    interceptors: ['bench/workflows/unrecorded.ts'],
  });
  return {
    cliPath: cli.path,
    bundlePath: bundle.codePath,
    unrecordedBundlePath: unrecorded.codePath,
    logFile: join(CACHE, 'workers.log'),
    rounds,
    say,
  };
}
