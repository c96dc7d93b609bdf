import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** A word after the command's name. */
export interface ArgumentSpec {
  readonly says: string;
  readonly optional?: true;
  /** Takes one or more. */
  readonly many?: true;
}

/** An option. Its key is the camel-cased long name; without `<value>` in its flags it is a switch. */
export interface OptionSpec {
  readonly flags: string;
  readonly says: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Can be given several times. */
  readonly many?: true;
}

type ArgumentValue<Spec extends ArgumentSpec> = Spec extends { many: true }
  ? readonly string[]
  : Spec extends { optional: true }
    ? string | undefined
    : string;

type TextOf<Spec extends OptionSpec> = Spec extends { choices: readonly (infer Choice)[] } ? Choice : string;
type OptionValue<Spec extends OptionSpec> = Spec extends { many: true }
  ? readonly string[]
  : Spec['flags'] extends `${string}<${string}>`
    ? Spec extends { default: string }
      ? TextOf<Spec>
      : TextOf<Spec> | undefined
    : boolean;

/** A command: data, and one handler whose arguments are typed by the data. */
export interface Command<
  Args extends Record<string, ArgumentSpec>,
  Options extends Record<string, OptionSpec>,
> {
  readonly name: string;
  readonly summary: string;
  /** More for its help. */
  readonly details?: string;
  readonly args: Args;
  readonly options: Options;
  /** What follows the program's name; each is shown in the help. */
  readonly examples: readonly string[];
  run(input: {
    readonly args: { readonly [name in keyof Args]: ArgumentValue<Args[name]> };
    readonly options: { readonly [name in keyof Options]: OptionValue<Options[name]> };
    readonly context: CliContext;
  }): Promise<ExitCode>;
}

/** A command as the program sees it, its values not yet typed. */
export interface AnyCommand extends Omit<
  Command<Record<string, ArgumentSpec>, Record<string, OptionSpec>>,
  'run'
> {
  run(input: {
    readonly args: Readonly<Record<string, unknown>>;
    readonly options: Readonly<Record<string, unknown>>;
    readonly context: CliContext;
  }): Promise<ExitCode>;
}

/** Declares a command. The parser gives its handler exactly what the specs say, which is what this cast relies on. */
export function command<
  const Args extends Record<string, ArgumentSpec>,
  const Options extends Record<string, OptionSpec>,
>(spec: Command<Args, Options>): AnyCommand {
  return spec;
}
