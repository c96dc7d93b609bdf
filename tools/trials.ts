import { resolve } from 'node:path';
import { HELP, readTrialArguments } from './trials-arguments.ts';
import { evidenceTrial } from './trials-evidence.ts';
import { fuzzTrial } from './trials-fuzz.ts';
import { killsTrial } from './trials-kills.ts';
import type { Trial } from './trials-kind.ts';
import { freezeTrial } from './trials-freeze.ts';
import { runbooksTrial } from './trials-runbooks.ts';
import { votesTrial } from './trials-votes.ts';
import { UsageError } from './simulator-arguments.ts';

/** All there are. What takes minutes or hours stands here; a short slice of each runs in `npm test`. */
const TRIALS: readonly Trial[] = [
  fuzzTrial,
  runbooksTrial,
  votesTrial,
  freezeTrial,
  evidenceTrial,
  killsTrial,
];

/** Exit codes: nothing was found; something was found or failed; the command line is wrong. */
const OK = 0;
const FOUND = 1;
const USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = readTrialArguments(argv);
    if (options === 'list') {
      const width = Math.max(...TRIALS.map(({ name }) => name.length));
      const lines = TRIALS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
      process.stdout.write(`${HELP}\nTrials\n${lines.join('\n')}\n`);
      return OK;
    }
    const trial = TRIALS.find(({ name }) => name === options.trial);
    if (trial === undefined) throw new UsageError(`There is no trial ${options.trial}.`);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
    const { ok, summary } = await trial.run({
      ...options,
      folder: resolve(options.folder, trial.name),
      signal: stop.signal,
      say: (line) => void process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`${summary}\n`);
    return ok ? OK : FOUND;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`trials: ${error.message}\n`);
    return USAGE;
  }
}
