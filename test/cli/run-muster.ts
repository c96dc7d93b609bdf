import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Muster } from '../../src/client/index.ts';
import type { CliWorld, Output } from '../../src/cli/context.ts';
import type { StackDoor } from '../../src/cli/stack-door.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { fakeDoor } from './fake-door.ts';
import { fakeMuster } from './fake-muster.ts';
import { START } from './sample-run.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting extends Partial<Omit<CliWorld, 'stdout' | 'stderr' | 'stdin' | 'stack'>> {
  readonly muster?: Muster;
  readonly isTTY?: boolean;
  /** What is typed, or piped in. */
  readonly typed?: string;
  /** Told of what is written to stderr, as it is written. */
  readonly onStderr?: (text: string) => void;
  /** What the stack does otherwise than {@link fakeDoor}. */
  readonly stack?: Partial<StackDoor>;
}

/** Runs a command line in this process, on a clock that moves only when the command sleeps. */
export async function runMuster(
  args: readonly string[],
  { muster = fakeMuster(), isTTY = false, typed = '', stack, onStderr, ...over }: Setting = {},
): Promise<Ended> {
  const stdout = capture(isTTY);
  const stderr = capture(isTTY, onStderr);
  let now = START + 60_000;
  const code = await runCli(args, {
    stdout: stdout.output,
    stderr: stderr.output,
    stdin: Readable.from(typed === '' ? [] : [typed]),
    colour: false,
    version: '1.2.3',
    cwd: process.cwd(),
    loginFile: join(tmpdir(), 'muster-no-login.json'),
    runbookFolders: [],
    signal: new AbortController().signal,
    stack: fakeDoor({
      openMuster: async ({ as }) => {
        if ('by' in muster) (muster as ReturnType<typeof fakeMuster>).by(as);
        return muster;
      },
      openRemote: async () => muster,
      ...stack,
    }),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    ...over,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function capture(
  isTTY: boolean,
  onWrite: (text: string) => void = () => undefined,
): { output: Output; text: () => string } {
  const parts: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, written) {
      parts.push(chunk.toString());
      onWrite(chunk.toString());
      written();
    },
  });
  return { output: Object.assign(output, { isTTY, columns: 100, rows: 40 }), text: () => parts.join('') };
}
