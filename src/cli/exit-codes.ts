import type { FailureCode } from '../model/failure.ts';
import { openGates, type MusterErrorCode, type RunView } from '../client/index.ts';
import type { Outcome } from '../model/run.ts';
import type { DoctorReport } from './doctor-report.ts';
import type { DryRunReport } from './dry-run-report.ts';

/** How the command ends, for scripts. A public contract: documented in `muster --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  badInput: 2,
  waiting: 3,
  unreachable: 4,
  cancelled: 5,
  rejected: 6,
  /** What shells use for Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Each code with its meaning, as the help prints it. */
export const EXIT_CODES: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [EXIT.ok, 'done; of a run: it succeeded, or succeeded with warnings'],
  [
    EXIT.failed,
    'the run failed, or muster did; of `doctor` and `dry-run`: something bad was found at a server that answers',
  ],
  [
    EXIT.badInput,
    'bad input, something you may not do, an unknown run, or an answer that does not count; nothing was changed',
  ],
  [EXIT.waiting, 'the run was left waiting at a gate'],
  [EXIT.unreachable, 'Temporal, its worker, the database or a Veeam server cannot be reached'],
  [EXIT.cancelled, 'the run was cancelled'],
  [EXIT.rejected, 'the run was rejected by an approver'],
  [EXIT.interrupted, 'watching ended with Ctrl-C; the run goes on'],
];

const BY_OUTCOME: Readonly<Record<Outcome, ExitCode>> = {
  succeeded: EXIT.ok,
  warned: EXIT.ok,
  skipped: EXIT.ok,
  failed: EXIT.failed,
  cancelled: EXIT.cancelled,
  rejected: EXIT.rejected,
};

/** The exit code for a run that is over. One that was ended from outside has failed. */
export function exitCodeOfRun({ outcome }: Pick<RunView, 'outcome'>): ExitCode {
  return outcome === undefined ? EXIT.failed : BY_OUTCOME[outcome];
}

/** Failures of a step that mean a server or the database is away, which may pass by itself. */
const AWAY: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'step.storeAway',
  'veeam.unreachable',
  'veeam.proxy',
  'veeam.circuitOpen',
]);

/**
 * The exit code for a run that is left at its gates: what a script can mend by itself (a server that is away) is told
 * apart from what only people can answer.
 */
export function exitCodeAtGates({ steps }: Pick<RunView, 'steps'>): ExitCode {
  const failures = openGates(steps).map(({ step }) => step.failure?.code);
  const isAway = failures.some((code) => code !== undefined && AWAY.has(code));
  return isAway ? EXIT.unreachable : EXIT.waiting;
}

/** The exit code for what the doctor found: a server that is away is told apart from what people must correct. */
export function exitCodeOfDoctor({ level, connections, own }: DoctorReport): ExitCode {
  if (level !== 'bad') return EXIT.ok;
  const isAway =
    connections.some(({ reached }) => !reached) ||
    own.some(({ check, level: of }) => (check === 'temporal' || check === 'database') && of === 'bad');
  return isAway ? EXIT.unreachable : EXIT.failed;
}

/** The exit code for what a dry run found: a server that is away is told apart from what people must correct. */
export function exitCodeOfDryRun({ steps }: DryRunReport): ExitCode {
  const blocked = steps.filter(({ verdict }) => verdict === 'blocked');
  if (blocked.length === 0) return EXIT.ok;
  return blocked.some(({ code }) => AWAY.has(code as FailureCode)) ? EXIT.unreachable : EXIT.failed;
}

const BY_MUSTER_ERROR: Readonly<Record<MusterErrorCode, ExitCode>> = {
  'run.refused': EXIT.badInput,
  'run.notFound': EXIT.badInput,
  'schedule.notFound': EXIT.badInput,
  'run.ended': EXIT.badInput,
  'run.unanswered': EXIT.unreachable,
  'run.broken': EXIT.failed,
  'gate.notOpen': EXIT.badInput,
  'vote.refused': EXIT.badInput,
  'note.refused': EXIT.badInput,
  'note.notFound': EXIT.badInput,
  'finding.refused': EXIT.badInput,
  'finding.notFound': EXIT.badInput,
  'report.refused': EXIT.badInput,
  'evidence.runOpen': EXIT.badInput,
  'evidence.notRecorded': EXIT.badInput,
  'evidence.pruned': EXIT.badInput,
  'ledger.pruneAgain': EXIT.badInput,
  'ledger.held': EXIT.badInput,
  'ledger.notHeld': EXIT.badInput,
  'ledger.notHere': EXIT.badInput,
  'ledger.badOverlap': EXIT.badInput,
  'vote.needsPage': EXIT.badInput,
  'vote.unanswered': EXIT.unreachable,
  'run.frozen': EXIT.badInput,
  'freeze.refused': EXIT.badInput,
  'freeze.notFound': EXIT.badInput,
  'secret.notFound': EXIT.badInput,
  'secret.gone': EXIT.badInput,
  'secret.usedUp': EXIT.badInput,
  'secret.inVault': EXIT.badInput,
  'server.unreachable': EXIT.unreachable,
  'temporal.unreachable': EXIT.unreachable,
  'temporal.refused': EXIT.unreachable,
};

/** Codes of the other layers, the longest prefix first. */
const BY_PREFIX: readonly (readonly [prefix: string, code: ExitCode])[] = [
  ['stack.cancelled', EXIT.interrupted],
  ['stack.alreadyRunning', EXIT.badInput],
  ['stack.connectionUnknown', EXIT.badInput],
  ['stack.fileUnreadable', EXIT.badInput],
  ['stack.workflowBundleFailed', EXIT.failed],
  ['stack.', EXIT.unreachable],
  ['veeam.unreachable', EXIT.unreachable],
  ['veeam.timeout', EXIT.unreachable],
  ['veeam.tls', EXIT.unreachable],
  ['veeam.proxy', EXIT.unreachable],
  ['veeam.circuitOpen', EXIT.unreachable],
  ['store.notFound', EXIT.badInput],
  ['store.notEmpty', EXIT.badInput],
  ['store.badBackup', EXIT.badInput],
  ['store.newer', EXIT.badInput],
  ['store.unavailable', EXIT.unreachable],
  ['secret.', EXIT.failed],
  ['vault.', EXIT.unreachable],
  ['config.', EXIT.badInput],
  // Of a server whose errors are not in the table above.
  ['server.', EXIT.unreachable],
  ['http.internal', EXIT.failed],
  ['http.tooMany', EXIT.unreachable],
  ['http.', EXIT.badInput],
  ['identity.keys', EXIT.failed],
  ['identity.busy', EXIT.unreachable],
  ['identity.providerUnavailable', EXIT.unreachable],
  ['identity.', EXIT.badInput],
  ['cli.interrupted', EXIT.interrupted],
  ['cli.', EXIT.badInput],
  ['FILE_', EXIT.badInput],
];

/** The exit code for an error with this code. */
export function exitCodeOfError(code: string): ExitCode {
  const known = Object.entries(BY_MUSTER_ERROR).find(([name]) => name === code);
  return known?.[1] ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? EXIT.failed;
}
