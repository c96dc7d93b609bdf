import { Argument, Command as Program, Option } from 'commander';
import type { AnyCommand, OptionSpec } from './command.ts';
import type { CliContext, CliWorld } from './context.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { PROGRAM } from './program-line.ts';

/** What every command understands. */
const JSON_OPTION = { flags: '--json', says: 'answer with JSON on stdout' };

/** The options before the command, as they were given. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
}

export interface ProgramParts {
  readonly commands: readonly AnyCommand[];
  /** What the first word of commands such as `token create` is about, where it is no command of its own. */
  readonly groups: Readonly<Record<string, string>>;
  readonly world: Pick<CliWorld, 'stdout' | 'stderr' | 'version'>;
  /** Whether JSON was asked for: then commander itself must be silent. */
  readonly json: boolean;
  /** Makes what a command is given. */
  readonly contextFor: (options: GlobalOptions) => CliContext;
  readonly ended: (code: ExitCode) => void;
}

/** The commander program over the commands. It throws CommanderError instead of ending the process. */
export function buildProgram({ commands, groups, world, json, contextFor, ended }: ProgramParts): Program {
  const program = new Program('muster')
    .description('Disaster-recovery runbooks that run on Temporal: drills, approved failovers, evidence.')
    .version(world.version)
    .option('--config <file>', 'configuration (default: muster.yaml)')
    .option('--data <folder>', 'where muster keeps its data (default: .muster)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => (json ? true : world.stderr.write(text)),
    })
    .addHelpText('after', `\nExit codes:\n${exitCodeLines().join('\n')}`);
  for (const spec of commands) register(program, spec, { groups, contextFor, ended });
  return program;
}

function exitCodeLines(): string[] {
  return EXIT_CODES.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
}

function register(
  program: Program,
  spec: AnyCommand,
  { groups, contextFor, ended }: Pick<ProgramParts, 'groups' | 'contextFor' | 'ended'>,
): void {
  const names = Object.keys(spec.args);
  const words = spec.name.split(' ');
  const sub = parentOf(program, words, groups)
    .command(words.at(-1) ?? spec.name)
    .summary(spec.summary)
    .description([spec.summary, spec.details].filter(Boolean).join('\n\n'));
  for (const [name, { says, optional, many }] of Object.entries(spec.args)) {
    const word = many === true ? `${name}...` : name;
    sub.addArgument(new Argument(optional === true ? `[${word}]` : `<${word}>`, says));
  }
  const options = Object.entries({ ...spec.options, json: JSON_OPTION }).map(([key, option]) => {
    const made = makeOption(option);
    sub.addOption(made);
    return { key, name: made.attributeName(), isSwitch: made.isBoolean() };
  });
  sub.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${PROGRAM} ${line}`).join('\n')}`);
  sub.action(async (...given: unknown[]) => {
    // An option that the command above has as well (`people`, `people revoke`) is taken by that one.
    const values = sub.optsWithGlobals<Record<string, unknown>>();
    const typed = options.map(({ key, name, isSwitch }) => [
      key,
      isSwitch ? values[name] === true : values[name],
    ]);
    ended(
      await spec.run({
        args: Object.fromEntries(names.map((name, index) => [name, given[index]])),
        options: Object.fromEntries(typed) as Record<string, unknown>,
        context: contextFor(program.opts<GlobalOptions>()),
      }),
    );
  });
}

/** The command that another one stands below: `token` of `token create`. */
function parentOf(
  program: Program,
  [first, second]: readonly string[],
  groups: ProgramParts['groups'],
): Program {
  if (first === undefined || second === undefined) return program;
  return (
    program.commands.find((known) => known.name() === first) ??
    program
      .command(first)
      .summary(groups[first] ?? '')
      .description(groups[first] ?? '')
  );
}

function makeOption({ flags, says, choices, default: fallback, many }: OptionSpec): Option {
  const option = new Option(flags, says);
  if (choices !== undefined) option.choices(choices);
  if (fallback !== undefined) option.default(fallback);
  if (many === true) {
    option.default([], 'none');
    option.argParser((value: string, before: readonly string[]) => [...before, value]);
  }
  return option;
}
