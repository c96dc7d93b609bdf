import { Writable } from 'node:stream';
import type { Muster } from '../../src/client/index.ts';
import type { CliWorld, Output } from '../../src/cli/context.ts';
import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import type { DryRunReport } from '../../src/cli/dry-run-report.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { fakeMuster } from './fake-muster.ts';
import { START } from './sample-run.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting extends Partial<Omit<CliWorld, 'stdout' | 'stderr'>> {
  readonly muster?: Muster;
  readonly isTTY?: boolean;
}

/** What a doctor finds who finds nothing. */
export const HEALTHY: DoctorReport = { level: 'ok', connections: [], own: [] };

/** What a dry run finds of a runbook without steps. */
export const NOTHING_TO_DO: DryRunReport = {
  runbook: 'dr-drill',
  title: 'A drill',
  mode: 'drill',
  inputs: {},
  steps: [],
  estimate: { kind: 'none' },
};

/** Runs a command line in this process, on a clock that moves only when the command sleeps. */
export async function runMuster(
  args: readonly string[],
  { muster = fakeMuster(), isTTY = false, ...over }: Setting = {},
): Promise<Ended> {
  const stdout = capture(isTTY);
  const stderr = capture(isTTY);
  let now = START + 60_000;
  const code = await runCli(args, {
    stdout: stdout.output,
    stderr: stderr.output,
    colour: false,
    version: '1.2.3',
    cwd: process.cwd(),
    runbookFolders: [],
    signal: new AbortController().signal,
    stack: {
      openMuster: async () => muster,
      runDemo: async () => 0,
      runStart: async () => 0,
      runWorker: async () => 0,
      runDoctor: async () => HEALTHY,
      runDryRun: async () => NOTHING_TO_DO,
    },
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    ...over,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function capture(isTTY: boolean): { output: Output; text: () => string } {
  const parts: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, written) {
      parts.push(chunk.toString());
      written();
    },
  });
  return { output: Object.assign(output, { isTTY, columns: 100, rows: 40 }), text: () => parts.join('') };
}
