import type { JsonObject } from './json.ts';

/**
 * Every way a step can fail, named by what the reader should think of. The codes are a public contract: runbooks,
 * tests and metrics speak of them, so they change only with a line in the changelog.
 */
export const FAILURE_CODES = {
  'step.checkFailed': 'The condition does not hold; that of an `until`: it did not come to hold in its time.',
  'step.expressionFailed': 'An expression of the step could not be evaluated.',
  'step.badInput': 'The values given to the action do not fit it.',
  'step.timeout':
    'The step took longer than its timeout; what it started in the world may still be going on.',
  'step.itemsFailed': 'Some items of a loop failed; the others are done.',
  'step.notAccepted': 'The step ended with warnings, and the runbook does not accept them.',
  'step.manualFailed': 'The person who did the step by hand says that it failed, or nobody answered in time.',
  'step.branchFailed': 'A branch failed, and the runbook ends the others then.',
  'step.runbookFailed': 'The runbook that the step runs did not end well.',
  'step.windowMissed': 'The window in which the step may begin has passed unused.',
  'step.storeAway':
    'The ledger cannot be written, so nothing was done: mend the database, then retry (see docs/emergency.md).',
  'step.internal': 'muster itself failed here; this is a bug.',
  'run.frozen': 'Everything, or what the step belongs to, is frozen; the step goes on when that ends.',
  'effect.unclear': 'It cannot be told whether the command took effect; a person has to look.',
  'effect.unrecorded':
    'The command was sent, and what became of it could not be written down yet; it is looked for until it can be.',
  'effect.notSent': 'The command could not be sent in time; it is certain that it did nothing.',
  'fence.notAllowed':
    'The command may not run here: no approval covers it and the target is not on the drill list.',
  'fence.approvalVoid': 'What would be done now is not what was approved.',
  'fence.superseded': 'A newer attempt of the same step exists; this one must not act.',
  'fence.targetChanged': 'The target changed between looking and acting.',
  'cleanup.notRestored': 'The drill did not leave what it touched as it found it.',
  'vro.planNotFound': 'The Orchestrator has no such plan, or this account may not see it.',
  'vro.illegalState': 'The plan is in a state in which the action is not legal.',
  'vro.planHalted': 'The plan halted on a critical failure and waits for a decision.',
  'vro.planFailed': 'The plan ended, with errors.',
  'vro.unknownState': 'The plan does not say clearly what it is doing.',
  'vro.testFailed': 'The DataLab test of the plan ended with errors.',
  'vbr.replicaNotFound': 'The server has no such replica, or this account may not see it.',
  'vbr.illegalState': 'A replica is in a state in which the action is not legal.',
  'vbr.sessionsFailed': 'A session of the command ended with errors.',
  'vbr.backupNotFound': 'The server has no agent backup of this computer.',
  'check.failed': 'The checked system did not answer as expected.',
  'check.hostNotAllowed': 'The configuration does not list the host, so nothing was sent to it.',
  'notify.badChannel': 'The configuration has no such channel, or one that cannot be used as it is.',
  'notify.notReached': 'The channel could not be reached, or failed; another try may do better.',
  'notify.refused': 'The channel refuses the message.',
  'secret.unavailable': 'Where secrets are kept cannot be used, or not as it is configured.',
  'connection.unknown': 'The configuration has no such connection.',
  'veeam.unreachable': 'The server cannot be reached.',
  'veeam.tls': 'The server is not trusted: its certificate was refused.',
  'veeam.proxy': 'The proxy does not let the connection through.',
  'veeam.circuitOpen': 'The server failed several times in a row and is left alone for a while.',
  'veeam.version': 'The server does not serve this version of its API.',
  'veeam.timeout': 'The server did not answer in time.',
  'veeam.connectionLost': 'The connection broke before the answer was complete.',
  'veeam.unauthorized': 'The server refuses the credentials.',
  'veeam.forbidden': 'The account may not do this.',
  'veeam.notFound': 'The server has no such object.',
  'veeam.ambiguousName': 'Several objects have this name; use the id.',
  'veeam.busy': 'The object is locked or busy.',
  'veeam.throttled': 'The server asks to slow down.',
  'veeam.serverError': 'The server failed.',
  'veeam.rejected': 'The server refused the request.',
  'veeam.contract': 'The answer is not what the API promises.',
  'veeam.tooLarge': 'The answer is larger than allowed.',
  'veeam.redirected': 'The server answered with a redirect, which is never followed.',
  'veeam.cancelled': 'The call was cancelled.',
  'veeam.badInput': 'The call cannot be made as asked; nothing was sent.',
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;

/** Failures that are seen only by watching what a command has begun. */
export const SEEN_BY_WATCHING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'vro.planHalted',
  'vro.planFailed',
  'vro.testFailed',
  'vbr.sessionsFailed',
]);

/** Why a step failed: a stable code for machines, a sentence for people, and bounded facts. */
export interface StepFailure {
  readonly code: FailureCode;
  /** What happened, why, and what to do now. No secret, at most 2,000 characters. */
  readonly message: string;
  /** Facts for the gate: the plan's state, the failing VMs with their `friendlyInfo` … At most 16 KB. */
  readonly details?: JsonObject;
}

/** Whether `code` is one of muster's failure codes. */
export function isFailureCode(code: unknown): code is FailureCode {
  return typeof code === 'string' && Object.hasOwn(FAILURE_CODES, code);
}
