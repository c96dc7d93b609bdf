import { MusterError } from '../client/index.ts';
import { renderDiagnostics } from '../language/index.ts';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';
import { exitCodeOfError, EXIT, type ExitCode } from './exit-codes.ts';
import { plain, printJson } from './output.ts';
import { inertLines } from './render/inert.ts';
import { PAINT, styled } from './render/style.ts';

/** Codes are words of muster's own; Node's look like `ECONNREFUSED`. */
const OWN_CODE = /^(?:[a-z]+\.[a-zA-Z]+|FILE_[A-Z_]+)$/;

/** Tells what went wrong, in the form that was asked for, and answers the exit code. */
export function reportError(error: unknown, world: CliWorld, { json }: { readonly json: boolean }): ExitCode {
  const { code, message, hint, stack } = factsOf(error);
  const diagnostics = error instanceof MusterError ? error.diagnostics : [];
  if (json) {
    printJson(world, {
      error: {
        code,
        message,
        ...(hint !== undefined && { hint }),
        ...(diagnostics.length > 0 && { diagnostics }),
      },
    });
    return exitCodeOfError(code);
  }
  const lines = [
    ...(diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, { paint: PAINT }), '']),
    `${styled('red', 'error')} ${inertLines(message)} ${styled('dim', `(${code})`)}`,
    ...(hint === undefined ? [] : [`  ${styled('dim', 'hint:')} ${inertLines(hint)}`]),
    ...(stack === undefined ? [] : [inertLines(stack)]),
  ];
  const text = lines.join('\n');
  world.stderr.write(`${world.colour ? text : plain(text)}\n`);
  return exitCodeOfError(code);
}

interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
}

function factsOf(error: unknown): ErrorFacts {
  if (error instanceof MusterError || error instanceof CliError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    OWN_CODE.test(error.code)
  ) {
    return { code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'muster.bug',
    message: `This is a bug in muster: ${message}`,
    stack: error instanceof Error ? error.stack : undefined,
  };
}

/** What commander's own errors mean: help and version are no errors, everything else is bad input. */
export function codeOfCommander({ exitCode }: { readonly exitCode: number }): ExitCode {
  return exitCode === 0 ? EXIT.ok : EXIT.badInput;
}
