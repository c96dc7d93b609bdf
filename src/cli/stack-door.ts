import type { Muster, RunbookText } from '../client/index.ts';
import type { Mode, Purpose } from '../model/runbook.ts';
import type { DoctorReport } from './doctor-report.ts';
import type { DryRunReport } from './dry-run-report.ts';
import type { ExitCode } from './exit-codes.ts';

/** Where a command looks for its configuration and data; each has a default that the stack knows. */
export interface StackOptions {
  /** Absent: `muster.yaml`. */
  readonly configFile?: string;
  /** Absent: `.muster`; the demo uses a folder of its own in it. */
  readonly dataDir?: string;
}

/** What a command that runs the stack itself is given. */
export interface StackContext extends StackOptions {
  /** Ctrl-C: end cleanly. */
  readonly signal: AbortSignal;
  /** What the person asked: nothing but JSON may be on stdout. */
  readonly json: boolean;
  /** A line for people: on stdout, or on stderr with `--json`. */
  readonly print: (line: string) => void;
  /**
   * Shows a run until it is over, also through its gates, and answers the exit code for it. `dataDir` is where its
   * stack keeps its data when nobody named a folder: the commands printed at a gate must lead there.
   */
  readonly follow: (
    muster: Muster,
    runId: string,
    options?: { readonly dataDir?: string },
  ) => Promise<ExitCode>;
}

/** What the doctor is asked. */
export interface DoctorOptions extends StackOptions {
  /** Names of the connections to look at; empty: all, and what muster itself needs. */
  readonly connections: readonly string[];
  readonly signal: AbortSignal;
  /** Lines for people, when it takes long. */
  readonly onProgress: (line: string) => void;
}

/** What a dry run is made of. */
export interface DryRunOptions extends StackOptions {
  readonly source: RunbookText;
  readonly mode: Mode;
  readonly purpose: Purpose;
  /** From the command line: texts; typed by the runbook. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Who would start the run; some approvals exclude them. */
  readonly person?: string;
  readonly signal: AbortSignal;
  /** Told of each step before it is looked at. */
  readonly onStep: (path: string) => void;
}

/** What the commands need of the composition roots, which are loaded only when a command needs them. */
export interface StackDoor {
  /** Opens no connection before the first call that needs one: `validate` works without a server. */
  openMuster(options: StackOptions): Promise<Muster>;
  runDemo(context: StackContext): Promise<ExitCode>;
  runStart(context: StackContext): Promise<ExitCode>;
  /** A worker for the Temporal server of the configuration. */
  runWorker(context: StackContext): Promise<ExitCode>;
  runDoctor(options: DoctorOptions): Promise<DoctorReport>;
  runDryRun(options: DryRunOptions): Promise<DryRunReport>;
}

/** The real stack; each command loads only what it needs, so that `muster --help` is quick. */
export const stackDoor: StackDoor = {
  openMuster: async (options) => (await import('../stack/open-muster.ts')).openMuster(options),
  runDemo: async (context) => (await import('../stack/demo.ts')).runDemo(context),
  runStart: async (context) => (await import('../stack/start.ts')).runStart(context),
  runWorker: async (context) => (await import('../stack/run-worker.ts')).runWorker(context),
  runDoctor: async (options) => (await import('../stack/doctor/run-doctor.ts')).runDoctor(options),
  runDryRun: async (options) => (await import('../stack/dry-run/run-dry-run.ts')).runDryRun(options),
};
