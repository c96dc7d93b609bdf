import {
  BUILT_IN_SCENARIOS,
  readScenarioFile,
  seededFaults,
  startSimulator,
} from '../src/simulator/index.ts';
import type { Scenario, Simulator } from '../src/simulator/index.ts';
import { SimulatorError } from '../src/simulator/index.ts';
import type { SimulatorArguments } from './simulator-arguments.ts';
import { HELP, readArguments, UsageError } from './simulator-arguments.ts';

/** Exit codes: ended as asked; something failed; the command line is wrong; a port is taken. */
const OK = 0;
const FAILED = 1;
const USAGE = 2;
const PORT_TAKEN = 3;

/** What the system says of a place where nobody can listen: the host is of another machine, or the port reserved. */
const UNUSABLE_PLACE: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'the address is not of this machine; give --host one that is',
  ENOTFOUND: 'nobody knows this name; give --host an address of this machine',
  EAI_AGAIN: 'nobody knows this name; give --host an address of this machine',
  EACCES: 'the port is reserved; choose one from 1024 up',
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The simulator on its own, for clients written by anybody: `npm run simulator`. Prints one line of JSON on stdout when
 * it is ready, everything for people on stderr, and runs until it gets a signal.
 */
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = readArguments(argv);
    if (options === 'help') {
      process.stdout.write(HELP);
      return OK;
    }
    const told = nextSignal();
    const simulator = await start(options);
    announce(simulator, options);
    await told;
    await simulator.close();
    return OK;
  } catch (error) {
    const place = unusablePlace(error);
    if (place !== undefined) {
      process.stderr.write(`simulator: ${place}\n`);
      return USAGE;
    }
    if (!(error instanceof UsageError) && !(error instanceof SimulatorError)) throw error;
    process.stderr.write(`simulator: ${error.message}\n`);
    if (error instanceof UsageError) return USAGE;
    switch (error.code) {
      case 'PORT_TAKEN':
        return PORT_TAKEN;
      case 'SCENARIO_UNREADABLE':
      case 'INVALID_SCENARIO':
      case 'INVALID_FAULT':
        return USAGE;
      default:
        return FAILED;
    }
  }
}

function unusablePlace(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const why = UNUSABLE_PLACE[String(error.code)];
  return why === undefined ? undefined : `${error.message}: ${why}.`;
}

async function start(options: SimulatorArguments): Promise<Simulator> {
  const { scenario, faultRate, seed, ...rest } = options;
  return startSimulator({
    ...rest,
    scenario: await scenarioOf(scenario),
    faults: faultRate > 0 ? [seededFaults({ seed, rate: faultRate })] : [],
  });
}

async function scenarioOf(nameOrPath: string): Promise<Scenario> {
  const builtIn = Object.hasOwn(BUILT_IN_SCENARIOS, nameOrPath) ? BUILT_IN_SCENARIOS[nameOrPath] : undefined;
  return builtIn === undefined ? readScenarioFile(nameOrPath) : builtIn();
}

function announce({ urls, credentials, tls, world }: Simulator, options: SimulatorArguments): void {
  const ca = tls?.ca === undefined ? {} : { ca: tls.ca };
  const { client } = world.scenario.vro;
  process.stdout.write(`${JSON.stringify({ urls, credentials: { ...credentials, client }, ...ca })}\n`);
  if (options.quiet) return;
  const plans = world.scenario.vro.plans.length;
  const pace = options.timeScale === 1 ? 'as it does' : `${options.timeScale} times as fast`;
  const lines = [
    `Scenario ${world.scenario.name}: ${plans === 1 ? '1 plan' : `${plans} plans`}. Time runs ${pace}.`,
    ...Object.entries(urls).map(([name, url]) => `  ${name.padEnd(8)} ${url}`),
    `  login    ${credentials.username} / ${credentials.password}`,
    ...(options.faultRate > 0
      ? [`  faults   ${options.faultRate * 100} % of all requests, seed ${options.seed}`]
      : []),
    ...(tls === undefined ? [] : ['  CA       src/simulator/tls/simulator-ca.pem']),
    'Ctrl-C ends it.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** Settles at the first signal that asks for an end. A second one ends the process at once, as signals do. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
}
