import type { Diagnostic } from '../language/index.ts';

/** What can go wrong between a person and a run. The CLI turns a code into an exit code, the server into a status. */
export const MUSTER_ERRORS = {
  'run.refused': 'The run cannot be started like this.',
  'run.notFound': 'There is no such run.',
  'run.ended': 'The run has ended.',
  'run.unanswered': 'The run cannot be asked: no worker answers for it.',
  'run.broken': 'The run was ended from outside, or broke.',
  'gate.notOpen': 'The run does not wait for people there.',
  'vote.refused': 'The answer does not count.',
  'note.refused': 'The note was not kept.',
  'note.notFound': 'There is no such note.',
  'finding.refused': 'The finding cannot be changed like this.',
  'finding.notFound': 'There is no such finding.',
  'report.refused': 'There is no such report, or it cannot be reviewed like this.',
  'evidence.runOpen': 'The run has not ended.',
  'evidence.notRecorded':
    'The run is from before there was a ledger, or has not told it everything: there is no evidence of it.',
  'evidence.pruned':
    'Entries of the run were removed by a recorded pruning, so that there is no whole evidence of it any more.',
  'ledger.pruneAgain':
    'Meanwhile something of it may not be removed any more. Nothing was removed; look again.',
  'ledger.held': 'The run is held already.',
  'ledger.notHeld': 'The run is not held.',
  'ledger.notHere': 'The keys of the ledger are not here.',
  'ledger.badOverlap': 'Both keys sign for at most a year.',
  'vote.needsPage': 'The identity provider has to prove this answer, which takes a browser.',
  'vote.unanswered': 'The run has not looked at the answer yet; it is kept and will be.',
  'run.frozen': 'Nothing starts while it is frozen.',
  'freeze.refused': 'This cannot be frozen like this.',
  'freeze.notFound': 'There is no such freeze.',
  'secret.notFound': 'There is no such secret.',
  'secret.gone': 'The secret was revoked, or its time is over; muster does not have it any more.',
  'secret.usedUp': 'The secret was revealed as often as it may be.',
  'secret.inVault': 'Vault has the secret.',
  'server.unreachable': 'The muster server cannot be reached.',
  'schedule.notFound': 'There is no such schedule.',
  'temporal.unreachable': 'The Temporal server cannot be reached.',
  'temporal.refused': 'The Temporal server refused the request.',
} as const;

export type MusterErrorCode = keyof typeof MUSTER_ERRORS;

/** An error with a stable code, a sentence, and what to do now. */
export class MusterError extends Error {
  override readonly name = 'MusterError';
  readonly code: MusterErrorCode;
  readonly hint: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  constructor(
    code: MusterErrorCode,
    message: string = MUSTER_ERRORS[code],
    {
      hint,
      diagnostics = [],
      cause,
    }: { hint?: string; diagnostics?: readonly Diagnostic[]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.diagnostics = diagnostics;
  }
}
