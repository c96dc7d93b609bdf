import { CommanderError } from 'commander';
import type { Muster } from '../client/index.ts';
import { COMMANDS, GROUPS } from './commands/index.ts';
import type { CliContext, CliWorld } from './context.ts';
import { loginFor } from './login-file.ts';
import type { StackOptions } from './stack-door.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printJson } from './output.ts';
import { buildProgram, type GlobalOptions } from './program.ts';
import { programLine } from './program-line.ts';
import { codeOfCommander, reportError } from './report-error.ts';

/** Runs one command line (without `node` and the script) and answers the exit code. Never throws, never exits. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const json = asksForJson(argv);
  let opened: Promise<Muster> | undefined;
  let code: ExitCode = EXIT.ok;
  const contextFor = ({ config, data }: GlobalOptions): CliContext => {
    const options = {
      ...(config !== undefined && { configFile: config }),
      ...(data !== undefined && { dataDir: data }),
    };
    return {
      ...world,
      json,
      isLive: world.stdout.isTTY === true && !json,
      options,
      program: programLine(options),
      muster: (as = world.person) => (opened ??= open(options, as)),
    };
  };
  const open = async (options: StackOptions, as: string | undefined): Promise<Muster> => {
    const login = await loginFor(options, world);
    if (login?.url !== undefined) return world.stack.openRemote(login.url, login.credential);
    return world.stack.openMuster({
      ...options,
      ...(as !== undefined && { as }),
      ...(login !== undefined && { credential: login.credential }),
    });
  };
  const program = buildProgram({
    commands: COMMANDS,
    groups: GROUPS,
    world,
    json,
    contextFor,
    ended: (ended) => (code = ended),
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    code = failed(error, world, json);
  } finally {
    // An opening that failed has been reported already.
    await opened?.then((muster) => muster.close()).catch(() => undefined);
  }
  return code;
}

function failed(error: unknown, world: CliWorld, json: boolean): ExitCode {
  if (!(error instanceof CommanderError)) return reportError(error, world, { json });
  const code = codeOfCommander(error);
  // Commander has told people already; programs get the same as JSON.
  if (json && code !== EXIT.ok) {
    printJson(world, { error: { code: 'cli.usage', message: error.message.replace(/^error: /, '') } });
  }
  return code;
}

/** Also when the command line cannot be read: then its errors are JSON, too. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
