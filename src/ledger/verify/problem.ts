/** What can be wrong with evidence. Stable: callers and tests read the code. */
export const EVIDENCE_CODES = {
  'evidence.fileMissing': 'A file is missing.',
  'evidence.fileExtra': 'The bundle has a file that nothing in it speaks of.',
  'evidence.fileChanged': 'A file is not the one that was signed, or that an entry names by its digest.',
  'evidence.badFile': 'A file cannot be read as what it is.',
  'evidence.statement': 'What the statement says is not what the bundle holds.',
  'evidence.notWitnessed': 'None of the witnesses whose keys were given has cosigned the checkpoint.',
  'evidence.notIncluded': 'An entry is not in the ledger that the checkpoint stands for.',
  'evidence.foreignEntry': 'An entry belongs to another run, or has nothing to do with this one.',
  'evidence.doubleEntry': 'The same is entered twice.',
  'evidence.noStart': 'The evidence has not exactly one beginning of the run.',
  'evidence.noEnd': 'The evidence has not exactly one end of the run.',
  'evidence.otherRunbook': 'The runbook is not the one that was run.',
  'evidence.otherInputs': 'The inputs are not those that the run was started with.',
  'evidence.order': 'Something stands where it cannot have happened: too early or too late.',
  'evidence.stepMissing': 'A step of the runbook has no end.',
  'evidence.stepUnknown': 'The runbook has no such step.',
  'evidence.outcome': 'The outcome of the run is not what its steps came to.',
  'evidence.epochGap': 'An intent is missing: they are counted from 1.',
  'evidence.refusalGap': 'A refused answer is missing: they are counted from 0.',
  'evidence.gateOpen': 'A gate has no end.',
  'evidence.gateUnknown': 'A gate was decided or closed that was never opened like that.',
  'evidence.otherSubject': 'What was asked at a gate is not what the digest names that people answered to.',
  'evidence.otherRules': 'A gate had other rules than the runbook says.',
  'evidence.notDecided': 'The votes do not meet the rules of the gate.',
  'evidence.voteMissing': 'A vote that counts is not in the evidence.',
  'evidence.voteSignature': 'A vote is not signed by a vote key of muster.',
  'evidence.otherVote': 'A vote was given to something else: another run, gate, opening or subject.',
  'evidence.voteExpired': 'A vote had expired, or was not yet good.',
  'evidence.voteTwice': 'One person counts twice.',
  'evidence.voteExcluded': 'Somebody counts who is excluded from answering.',
  'evidence.voteNotAdmitted': 'Somebody counts whom the rules do not admit.',
  'evidence.voteRevoked': 'Somebody counts who was revoked by then.',
  'evidence.notDelegated': 'Somebody answers for another who has not let them.',
  'evidence.voteInvalid': 'A vote counts that the gate could not take.',
  'evidence.proofMissing': 'A vote has no ID token of the identity provider, and needs one.',
  'evidence.proofInvalid': 'The ID token of a vote does not prove it.',
  'evidence.intentMissing': 'A command had an effect, and nothing says that it was about to be sent.',
  'evidence.effectMissing': 'What became of a command was known, and no entry says it.',
  'evidence.unknownCommand': 'A command was sent that its step does not have.',
  'evidence.notApproved': 'A command was sent that no approval covers.',
  'evidence.approvedTooLate': 'A command was approved after it was sent.',
  'evidence.otherCommand': 'A command was sent that is not the one that was approved.',
  'evidence.decisionUnproven': 'A decision on a failed step was taken that nobody took at its gate.',
  'evidence.review':
    'A review is not signed, says something else than its entry, or is of somebody who was revoked.',
  'evidence.history': 'The history of the run has a gap, or belongs to another run.',
  'evidence.redaction': 'What was taken out of the history is not what is listed.',
  'evidence.rolledBack': 'A witness knows a larger ledger: entries are missing at its end.',
  'evidence.forked': 'A witness knows another history of this ledger.',
  'evidence.wrongRoot': 'The entries are not those that a checkpoint stands for.',
  'evidence.notSealed': 'Entries stand behind the last checkpoint, so that nobody has signed them.',
  'evidence.unknownSignature': 'A checkpoint has a signature of a key that was not given.',
  'evidence.notPruned': 'The text of an entry is missing, and no signed pruning names it.',
  'evidence.pruning': 'A pruning is not signed, not entered, or says something else than its entry.',
  'evidence.positionGap': 'A position is missing, stands twice, or is out of order.',
} as const;

export type EvidenceCode = keyof typeof EVIDENCE_CODES;

/** Where something is wrong. */
export interface Place {
  readonly file?: string;
  /** Of an entry in the ledger. */
  readonly position?: number;
}

/** The first thing that is wrong with evidence; thrown within the verification only. */
export class EvidenceProblem extends Error {
  override readonly name = 'EvidenceProblem';
  readonly code: EvidenceCode;
  readonly place: Place;

  constructor(code: EvidenceCode, place: Place, detail: string) {
    super(`${detail} ${EVIDENCE_CODES[code]}`);
    this.code = code;
    this.place = place;
  }
}

/** The file in which entries stand. */
export const ENTRIES_FILE = 'entries.jsonl';

/** A problem with one entry. */
export function atEntry(code: EvidenceCode, position: number, detail: string): EvidenceProblem {
  return new EvidenceProblem(code, { file: ENTRIES_FILE, position }, detail);
}

/** A problem with one file. */
export function atFile(code: EvidenceCode, file: string, detail: string): EvidenceProblem {
  return new EvidenceProblem(code, { file }, detail);
}

/** Something from evidence in a sentence: short, and without signs that a terminal obeys. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100).replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?'));
}
