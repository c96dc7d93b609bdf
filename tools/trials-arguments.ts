import { parseArgs } from 'node:util';
import { UsageError } from './simulator-arguments.ts';

/** The command line, read. */
export interface TrialArguments {
  readonly trial: string;
  readonly minutes: number;
  readonly seed: number | undefined;
  readonly resume: boolean;
  readonly folder: string;
}

export const HELP = `Long trials with random values, which can be stopped and resumed.

  npm run trials                             what there is
  npm run trials -- NAME [options]

  --minutes N          how long, default 60
  --seed N             which values; without it a new one, which is printed
  --resume             goes on where the last run ended
  --folder DIR         where the state and the findings are kept, default .muster/trials
  --help

The last line on stdout has the figures. Exit codes: 0 nothing found, 1 something found, 2 wrong options.
`;

/** Longer than a week is a mistake. */
const MAX_MINUTES = 10_080;
/** Seeds are counted up from, batch by batch. */
const MAX_SEED = 2_000_000_000;

/** Reads the command line; `list` where nothing is to be run. @throws UsageError */
export function readTrialArguments(argv: readonly string[]): TrialArguments | 'list' {
  const { values, positionals } = parsed(argv);
  const [trial, ...more] = positionals;
  if (values.help || trial === undefined) return 'list';
  if (more.length > 0) throw new UsageError('One trial at a time.');
  const seed = values.seed === undefined ? undefined : numberIn(values.seed, 'seed', MAX_SEED);
  if (seed !== undefined && values.resume) {
    throw new UsageError('What is resumed has its seed: leave out --seed or --resume.');
  }
  const minutes = numberIn(values.minutes, 'minutes', MAX_MINUTES);
  return { trial, minutes, seed, resume: values.resume, folder: values.folder };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        minutes: { type: 'string', default: '60' },
        seed: { type: 'string' },
        resume: { type: 'boolean', default: false },
        folder: { type: 'string', default: '.muster/trials' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function numberIn(text: string, name: string, max: number): number {
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (number <= max && (name !== 'seed' || Number.isSafeInteger(number))) return number;
  throw new UsageError(`--${name} must be a number from 0 to ${max}.`);
}
