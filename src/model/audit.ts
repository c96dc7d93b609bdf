/**
 * What an audit finds when it compares Temporal's histories with the ledger.
 * - `complete`: they say the same, and nothing came from elsewhere.
 * - `terminated`: the run was ended from outside; nothing cleaned up.
 * - `reset`: it was set back to an earlier point, and from there done again.
 * - `cancelledThroughTemporal`: it was asked to stop, not by muster.
 * - `foreignSignal`: it was sent a signal that muster never sent.
 * - `foreignUpdate`: it was sent an update; muster sends none.
 * - `foreignRun`: it was started by somebody else than muster.
 * - `historyMissing`: Temporal no longer has it, though nobody has audited it.
 * - `gap`: a part of its history, or of what it tells the ledger, is missing.
 * - `stepUnrecorded`: a step was done of which the ledger has no end.
 * - `effectWithoutIntent`: a command was done of which the ledger has no intent.
 * - `entryWithoutEvent`: the ledger has what no history shows.
 */
export const AUDIT_FOUND = [
  'complete',
  'terminated',
  'reset',
  'cancelledThroughTemporal',
  'foreignSignal',
  'foreignUpdate',
  'foreignRun',
  'historyMissing',
  'gap',
  'stepUnrecorded',
  'effectWithoutIntent',
  'entryWithoutEvent',
] as const;
export type AuditFound = (typeof AUDIT_FOUND)[number];

/** One thing that is not as it should be. */
export interface AuditFinding {
  readonly found: Exclude<AuditFound, 'complete'>;
  /** Where, by ids and names of ours: of an event, a step, a gate. It tells findings of one kind apart. */
  readonly where: string;
  /** For people. It may hold what somebody else wrote, made printable and short. */
  readonly says: string;
}
