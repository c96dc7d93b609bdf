import type { LedgerSource, Muster, RunbookText, SignedInAnswer, SignInWaysAnswer } from '../client/index.ts';
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

/** For whom the operations are opened. */
export interface MusterOptions extends StackOptions {
  /** Who acts, where the stack trusts that. */
  readonly as?: string;
  /** A session or a token. */
  readonly credential?: string;
}

/** Where somebody is signed in: at a server, or on the stack of this machine. */
export interface SignInPlace extends StackOptions {
  readonly url?: string;
}

/** What somebody signs in with. */
export interface SignInOptions extends SignInPlace {
  readonly person: string;
  readonly password: string;
  readonly code?: string;
  /** Of a break-glass account: why it is opened. */
  readonly reason?: string;
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

/** What is backed up, or restored from. */
export interface BackupOptions extends StackOptions {
  /** An absolute path. */
  readonly file: string;
  /** Lines for people, when it takes long. */
  readonly onProgress: (line: string) => void;
}

/** A backup that was written, or restored. */
export interface BackupReport {
  readonly file: string;
  /** `host:port/name`. */
  readonly database: string;
  readonly rows: number;
  /** How many of them by table. */
  readonly tables: Readonly<Record<string, number>>;
}

/** A ledger that can be read, and closed. */
export interface OpenLedger extends LedgerSource {
  readonly place: string;
  close(): Promise<void>;
}

/** What a witness is started with. */
export interface WitnessRunOptions {
  /** Where it keeps its key and what it has cosigned. */
  readonly folder: string;
  /** Its private key as PEM; absent: one in the folder, made at the first start. */
  readonly keyFile?: string;
  /** It has cosigned nothing yet; asked only where its key is not in the folder. */
  readonly isNew: boolean;
  /** The name of its key, when it is made. */
  readonly name: string;
  /** Of the ledger: its name, and its verifier keys. */
  readonly origin: string;
  readonly ledgerKeys: readonly string[];
  readonly host: string;
  readonly port: number;
  /** PEM files; absent: without TLS, which a ledger asks on its own machine only. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly signal: AbortSignal;
  /** Told where it listens, and its verifier key, once it does. */
  readonly onListening: (witness: { readonly url: string; readonly key: string }) => void;
  readonly onAnswer: (line: string) => void;
}

/** What the commands need of the composition roots, which are loaded only when a command needs them. */
export interface StackDoor {
  /** Opens no connection before the first call that needs one: `validate` works without a server. */
  openMuster(options: MusterOptions): Promise<Muster>;
  /** The operations of a server. */
  openRemote(url: string, credential: string): Promise<Muster>;
  /** Begins a session. @throws IdentityError, or the same codes from a server */
  signIn(options: SignInOptions): Promise<SignedInAnswer>;
  /** What people can sign in with at a server. */
  signInWays(url: string): Promise<SignInWaysAnswer>;
  /** Begins a session at a server by the code that a browser has brought. @throws as signIn */
  redeem(
    url: string,
    redeemed: { readonly code: string; readonly verifier: string },
  ): Promise<SignedInAnswer>;
  /** Ends a session; one that is over is fine. */
  signOut(place: SignInPlace, credential: string): Promise<void>;
  /** A password as muster.yaml keeps it. @throws IdentityError `identity.badRequest` */
  hashPassword(password: string): Promise<string>;
  runDemo(context: StackContext): Promise<ExitCode>;
  runStart(context: StackContext): Promise<ExitCode>;
  /** A worker for the Temporal server of the configuration. */
  runWorker(context: StackContext): Promise<ExitCode>;
  /** The API and the pages, for the Temporal server of the configuration. */
  runServer(context: StackContext): Promise<ExitCode>;
  runDoctor(options: DoctorOptions): Promise<DoctorReport>;
  runDryRun(options: DryRunOptions): Promise<DryRunReport>;
  runBackup(options: BackupOptions): Promise<BackupReport>;
  runRestore(options: BackupOptions): Promise<BackupReport>;
  /** The ledger in a database, read as it lies there. */
  openLedger(url: string): Promise<OpenLedger>;
  /** A witness over HTTP, until the signal. */
  runWitness(options: WitnessRunOptions): Promise<ExitCode>;
}

/** The real stack; each command loads only what it needs, so that `muster --help` is quick. */
export const stackDoor: StackDoor = {
  openMuster: async (options) => (await import('../stack/open-muster.ts')).openMuster(options),
  openRemote: async (url, credential) =>
    (await import('../client/over-http.ts')).createHttpMuster({ url, credential }),
  signIn: async ({ url, ...options }) =>
    url === undefined
      ? (await import('../stack/sign-in.ts')).signInHere(options)
      : (await import('../client/sign-in-over-http.ts')).signInAt(url, options),
  signInWays: async (url) => (await import('../client/sign-in-over-http.ts')).signInWaysAt(url),
  redeem: async (url, redeemed) => (await import('../client/sign-in-over-http.ts')).redeemAt(url, redeemed),
  signOut: async ({ url, ...options }, credential) =>
    url === undefined
      ? (await import('../stack/sign-in.ts')).signOutHere(options, credential)
      : (await import('../client/sign-in-over-http.ts')).signOutAt(url, credential),
  hashPassword: async (password) => (await import('../client/hash-password.ts')).hashPassword(password),
  runDemo: async (context) => (await import('../stack/demo.ts')).runDemo(context),
  runStart: async (context) => (await import('../stack/start.ts')).runStart(context),
  runWorker: async (context) => (await import('../stack/run-worker.ts')).runWorker(context),
  runServer: async (context) => (await import('../stack/run-server.ts')).runServer(context),
  runDoctor: async (options) => (await import('../stack/doctor/run-doctor.ts')).runDoctor(options),
  runDryRun: async (options) => (await import('../stack/dry-run/run-dry-run.ts')).runDryRun(options),
  runBackup: async (options) => (await import('../stack/run-backup.ts')).runBackup(options),
  runRestore: async (options) => (await import('../stack/run-backup.ts')).runRestore(options),
  openLedger: async (url) => (await import('../stack/open-ledger.ts')).openLedger(url),
  runWitness: async (options) => (await import('../stack/run-witness.ts')).runWitness(options),
};
