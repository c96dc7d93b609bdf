import { parseArgs } from 'node:util';

/** The command line, read. */
export interface SimulatorArguments {
  readonly host: string;
  readonly ports: Readonly<Record<'vro' | 'vbr' | 'one' | 'app' | 'control', number>>;
  readonly tls: boolean;
  /** Name of a built-in scenario, or path of a file. */
  readonly scenario: string;
  readonly timeScale: number;
  readonly seed: number;
  /** 0 to 1; 0 is no faults. */
  readonly faultRate: number;
  readonly quiet: boolean;
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Stand-ins for Veeam Recovery Orchestrator, Backup & Replication and ONE, over one simulated world.

  npm run simulator -- [options]

  --vro-port N --vbr-port N --one-port N     default 9898, 9419, 1239; 0 is any free port
  --app-port N --control-port N              the protected application, faults and journal; default any free port
  --host H             where to listen, default 127.0.0.1 (the control server stays there)
  --tls                HTTPS; the CA to trust is in the ready line
  --scenario S         demo (default), large (500 plans, 20,000 VMs) or a YAML file
  --time-scale X       simulated seconds per second, default 1
  --fault-rate R       this share of requests goes wrong, 0 to 1, default 0
  --seed N             which ones, default 1
  --quiet              nothing but the ready line
  --help

When it is ready it prints one line of JSON on stdout: {"urls":{...},"credentials":{...},"ca":"..."}; what is for people
goes to stderr. npm itself prints two lines about the script on stdout before; a program that reads the line starts it
with "npm run --silent simulator --", which leaves them out.
Exit codes: 0 ended by a signal, 1 failed, 2 wrong options or scenario, 3 port taken.

Examples
  npm run simulator -- --time-scale 60
  npm run --silent simulator -- --vro-port 0 --vbr-port 0 --one-port 0 --tls --scenario large --quiet
  npm run simulator -- --scenario my-world.yaml --fault-rate 0.05 --seed 7
  curl -d 'grant_type=password&username=administrator&password=Password1' http://127.0.0.1:9898/api/token
`;

const OPTIONS = {
  'vro-port': { type: 'string', default: '9898' },
  'vbr-port': { type: 'string', default: '9419' },
  'one-port': { type: 'string', default: '1239' },
  'app-port': { type: 'string', default: '0' },
  'control-port': { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  tls: { type: 'boolean', default: false },
  scenario: { type: 'string', default: 'demo' },
  'time-scale': { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  'fault-rate': { type: 'string', default: '0' },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** A hundred simulated days a second; beyond it the steps of a plan cannot be told apart. */
const MAX_TIME_SCALE = 8_640_000;

/** Reads the command line. Throws `UsageError`, which says which option is wrong and what it may be. */
export function readArguments(argv: readonly string[]): SimulatorArguments | 'help' {
  const values = valuesOf(argv);
  if (values.help) return 'help';
  const number = (
    name:
      | 'vro-port'
      | 'vbr-port'
      | 'one-port'
      | 'app-port'
      | 'control-port'
      | 'time-scale'
      | 'seed'
      | 'fault-rate',
    { from, to, whole }: { from: number; to: number; whole: boolean },
  ): number => {
    const text = values[name];
    const found = text.trim() === '' ? Number.NaN : Number(text);
    if (found >= from && found <= to && (!whole || Number.isInteger(found))) return found;
    const kind = whole ? 'a whole number' : 'a number';
    throw new UsageError(`--${name} is "${text}"; give ${kind} from ${from} to ${to}.`);
  };
  const port = (name: `${'vro' | 'vbr' | 'one' | 'app' | 'control'}-port`): number =>
    number(name, { from: 0, to: 65_535, whole: true });
  return {
    host: values.host,
    ports: {
      vro: port('vro-port'),
      vbr: port('vbr-port'),
      one: port('one-port'),
      app: port('app-port'),
      control: port('control-port'),
    },
    tls: values.tls,
    scenario: values.scenario,
    timeScale: number('time-scale', { from: 0.001, to: MAX_TIME_SCALE, whole: false }),
    seed: number('seed', { from: 0, to: Number.MAX_SAFE_INTEGER, whole: true }),
    faultRate: number('fault-rate', { from: 0, to: 1, whole: false }),
    quiet: values.quiet,
  };
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const [reason = ''] = cause instanceof Error ? cause.message.split('. ') : [];
    // Without the dashes npm takes the options for its own, and hands on what stands between them.
    const hint = isPositional(cause) ? ' With npm, options stand after --: npm run simulator -- --tls.' : '';
    throw new UsageError(`${reason}.${hint} See --help.`, { cause });
  }
}

function isPositional(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL';
}
