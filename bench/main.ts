import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCompile } from './compile.ts';
import { measureHistory } from './history.ts';
import { measureLedger } from './ledger.ts';
import { measureReaction } from './reaction.ts';
import { isMet, type Row } from './row.ts';
import { measureStepTime } from './step-time.ts';
import { tableOf } from './table.ts';
import { prepareTools, type Tools } from './tools.ts';
import { measureFanOut, measureTuning } from './tuning.ts';
import { measureVeeam } from './veeam.ts';

const USAGE = `npm run bench -- [--rounds N] [--json] [measurement …]

Measures muster on this machine and compares it with its goals. Everything runs here and leaves nothing behind.
--rounds N   pairs of runs in each comparison, default 15
--json       the rows as JSON instead of a table
Exit code: 0 when all goals are met, 1 when one is missed or could not be measured, 2 for bad arguments.
`;

const MEASUREMENTS: Readonly<Record<string, (tools: Tools) => Promise<Row[]>>> = {
  compile: measureCompile,
  step: measureStepTime,
  tuning: measureTuning,
  fanout: measureFanOut,
  history: measureHistory,
  ledger: measureLedger,
  reaction: measureReaction,
  veeam: measureVeeam,
};

const EXIT_MISSED = 1;
const EXIT_BAD_INPUT = 2;
/** Enough that one disturbance moves no median. */
const DEFAULT_ROUNDS = '15';

/** What was measured, and the names of the measurements that failed. */
interface Result {
  readonly rows: readonly Row[];
  readonly failed: readonly string[];
}

/** Arguments that make no sense. */
class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** @throws BadInput */
function readArguments() {
  try {
    const read = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: DEFAULT_ROUNDS },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = read.positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name));
    if (unknown !== undefined) {
      throw new BadInput(
        `There is no measurement "${unknown}", only ${Object.keys(MEASUREMENTS).join(', ')}.`,
      );
    }
    if (!/^[1-9]\d{0,2}$/.test(read.values.rounds)) throw new BadInput('--rounds is a number from 1 to 999.');
    return read;
  } catch (error) {
    if (error instanceof BadInput || !(error instanceof TypeError)) throw error;
    throw new BadInput(error.message, { cause: error });
  }
}

/** One after another, each on servers of its own; one that fails does not take the others with it. */
async function measure(names: readonly string[], rounds: number): Promise<Result> {
  const tools = await prepareTools({ rounds, say: (line) => console.error(line) });
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const [name, measurement] of Object.entries(MEASUREMENTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      rows.push(...(await measurement(tools)));
    } catch (error) {
      console.error(`${name} could not be measured; ${tools.logFile} may say more.`, error);
      failed.push(name);
    }
  }
  return { rows, failed };
}

function reportOf({ rows, failed }: Result) {
  return { machine: machine(), rows: rows.map((row) => ({ ...row, met: isMet(row) })), failed };
}

function textOf({ rows, failed }: Result): string {
  const { cpu, cores, memoryGb, node } = machine();
  const missing = failed.length === 0 ? '' : `\nNOT MEASURED: ${failed.join(', ')}`;
  return `${tableOf(rows)}${missing}\n\n${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}\n`;
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

try {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(USAGE);
  } else {
    const result = await measure(positionals, Number(values.rounds));
    process.stdout.write(values.json ? `${JSON.stringify(reportOf(result), null, 2)}\n` : textOf(result));
    const isGood = result.failed.length === 0 && result.rows.every((row) => isMet(row) !== false);
    if (!isGood) process.exitCode = EXIT_MISSED;
  }
} catch (error) {
  const isBadInput = error instanceof BadInput;
  console.error(isBadInput ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = isBadInput ? EXIT_BAD_INPUT : EXIT_MISSED;
}
