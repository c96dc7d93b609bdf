import type { Muster } from '../client/index.ts';
import type { StackDoor, StackOptions } from './stack-door.ts';

/** A place to write to; a terminal knows its size. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Where answers to questions come from: a person at a terminal, or a pipe. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** The world of the command line, so that tests can put another one in its place. */
export interface CliWorld {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly colour: boolean;
  readonly version: string;
  /** Where relative paths begin. */
  readonly cwd: string;
  /** Folders with runbooks that can be named without a path; the first that has one wins. */
  readonly runbookFolders: readonly string[];
  /** Who acts when `--as` is not given (`MUSTER_PERSON`). */
  readonly person?: string;
  /** Where `muster login` keeps what proves who somebody is. */
  readonly loginFile: string;
  /** A token given by the environment (`MUSTER_TOKEN`). */
  readonly token?: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stack: StackDoor;
  readonly now: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a command is given. */
export interface CliContext extends CliWorld {
  readonly json: boolean;
  /** Whether a live picture can be drawn. */
  readonly isLive: boolean;
  readonly options: StackOptions;
  /** How the person calls muster, with the options that lead to the same stack: `npx muster --data x`. */
  readonly program: string;
  /** The operations, opened on the first use: for whoever has signed in, or for `as` where the stack trusts that. */
  readonly muster: (as?: string) => Promise<Muster>;
}
