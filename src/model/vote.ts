import type { Assurance } from './actor.ts';
import type { JsonObject } from './json.ts';

/**
 * What a person may say at a gate. Which of these a gate takes, its offers tell; `withdraw` takes one's own answer back, at
 * every gate that still collects answers.
 */
export const DECISIONS = [
  'approve',
  'reject',
  'retry',
  'keepWaiting',
  'continue',
  'halt',
  'adopt',
  'runNow',
  'done',
  'skip',
  'rollback',
  'abort',
  'answer',
  'withdraw',
] as const;
export type Decision = (typeof DECISIONS)[number];

/** What people decide about a failed step; a runbook may say by whom. */
export const FAILURE_DECISIONS = [
  'retry',
  'keepWaiting',
  'continue',
  'halt',
  'adopt',
  'runNow',
  'done',
  'skip',
  'rollback',
  'abort',
] as const satisfies readonly Decision[];
export type FailureDecision = (typeof FAILURE_DECISIONS)[number];

/** What a person may ask of a run as a whole, without a gate. */
export const RUN_REQUESTS = ['cancel', 'pause', 'resume'] as const;
export type RunRequest = (typeof RUN_REQUESTS)[number];

export function isRunRequest(decision: Decision | RunRequest): decision is RunRequest {
  return (RUN_REQUESTS as readonly string[]).includes(decision);
}

/** Stands where the path of a step would be: the request concerns the whole run. */
export const WHOLE_RUN = '*';

/** VRO's ways to go on with a halted plan (`executionContinueOptions`), the choice behind `continue`. */
export const CONTINUE_OPTIONS = [
  'RetryFailedStep',
  'RetryFailedVm',
  'RetryFailedGroup',
  'ProceedToNextStep',
  'ProceedToNextVm',
  'ProceedToNextGroup',
] as const;
export type ContinueOption = (typeof CONTINUE_OPTIONS)[number];

/** As of whoever acts; `spoken`: the person said it on the phone, and two witnesses vouch for that. */
export type VoteAssurance = Assurance | 'spoken';

/** What is signed: one person's answer to one gate. Times are seconds since 1970, as JWS has them. */
export interface VoteClaims {
  /** Unique; a vote counts once, however often it arrives. */
  readonly id: string;
  /** The first execution id of the run, which survives continue-as-new and names this run only. */
  readonly run: string;
  /** The path of the step that opened the gate; `*` for a request that concerns the whole run. */
  readonly gate: string;
  readonly nonce: string;
  /** What the answer allows, as a digest. */
  readonly digest: string;
  readonly decision: Decision | RunRequest;
  /** The choice behind `continue`. */
  readonly option?: ContinueOption;
  /** The choice behind `answer`: one of the answers of a manual step. */
  readonly answer?: string;
  /** What was filled in: fields of a manual step, corrected inputs of a `retry`, outputs of a `done`. */
  readonly values?: JsonObject;
  /** Who answers. */
  readonly person: string;
  /** In whose place, where it is not their own: the answer uses that person's right, and no other. */
  readonly for?: string;
  /** The roles held when voting, by the person, or by whom they stand for. */
  readonly roles: readonly string[];
  readonly comment?: string;
  /** How sure it was who votes; absent in votes from before it was kept. */
  readonly assurance?: VoteAssurance;
  /** Of a spoken vote: the two who heard it on the phone. */
  readonly heardBy?: readonly string[];
  /** It approves alone, whatever the rules ask for. */
  readonly deviation?: 'break-glass';
  readonly iat: number;
  readonly exp: number;
}

/** Why an answer does not count. Each is kept with the run. */
export const REFUSALS = {
  malformed: 'It is not a vote.',
  badSignature: 'Its signature is not valid: nobody whom muster knows has sent it.',
  expired: 'It is too old.',
  otherRun: 'It was given to another run.',
  noSuchGate: 'The run has no such gate open now.',
  otherGate: 'It was given to an earlier opening of this gate.',
  otherDigest: 'It was given to something else than what is now asked.',
  unknownPerson: 'The configuration does not know this person.',
  noRole: 'The person holds no role that may answer here.',
  excluded: 'The person is excluded from answering here.',
  duplicate: 'The person has already answered here, or somebody has in their place.',
  notOffered: 'This answer is not possible here.',
  commentMissing: 'This answer needs a reason.',
  tooLate: 'The steps have ended; what runs at the end of every run is not stopped.',
  notPending: 'The run has no such step, or it has begun already.',
  notPaused: 'Nothing like that is paused.',
  badValues: 'What was filled in does not fit.',
  revoked: 'The person was revoked.',
  notAPerson: 'A service answers for nobody.',
  notDelegated: 'Nobody has let this person answer in their place, or no longer.',
  proofMissing: 'The identity provider has not signed it: it does not come from this person.',
  proofInvalid: 'What the identity provider has signed is not this.',
  notGiven: 'The person has given no answer here that could be taken back.',
  takenBack: 'This answer was given before, and taken back since.',
  tooOften: 'The person has taken back too many answers here.',
  spokenNotAllowed: 'The configuration allows no spoken votes for this runbook.',
  notHeard: 'No two witnesses who may vouch for it have heard it.',
  wrongCode: 'The code is not that of this opening of the gate.',
  tooManyCodes: 'Too many wrong codes were entered here by this person.',
  sameWitness: 'The person has entered it already; the second witness has to be somebody else.',
  ownWitness: 'Nobody is a witness of their own answer.',
  witness: 'Whoever vouches for an answer at a gate gives no answer of their own there.',
  breakGlassNotAllowed: 'The configuration lets nobody approve this runbook alone.',
  notOrdinary: 'A break-glass account gives no ordinary vote.',
} as const;
export type Refusal = keyof typeof REFUSALS;

/** What became of one arrived vote. */
export type Verdict =
  | { readonly id: string; readonly counted: true }
  | { readonly id: string; readonly counted: false; readonly refusal: Refusal; readonly detail?: string };

/** A vote whose signature was found good, with the signed text, which goes on to the fence and into the evidence. */
export interface VerifiedVote extends VoteClaims {
  readonly jws: string;
}

/** A refused vote, as it is kept: who it claimed to be is told as a claim. */
export interface RefusedVote {
  readonly id: string;
  readonly at: number;
  readonly refusal: Refusal;
  readonly gate?: string;
  readonly claimedPerson?: string;
  readonly detail?: string;
}

/** What an activity says of a vote that arrived, before the rules are asked. */
export type Verified =
  | { readonly ok: true; readonly vote: VerifiedVote }
  | {
      readonly ok: false;
      readonly id: string;
      readonly refusal: Refusal;
      readonly gate?: string;
      readonly claimedPerson?: string;
    };

/** One of the steps an approval allows, with everything resolved: what its digest is made of. */
export interface CoveredStep {
  readonly path: string;
  readonly action: string;
  readonly with: JsonObject;
  /** What it acts on, `connection/kind/id`. */
  readonly target: string;
  /** Of a plan: what it consisted of and how it stood. Votes from before this was kept have none. */
  readonly subject?: PlanSubject;
}

/** How a plan stands, as far as an approval depends on it: VRO's own checks do not change it. */
export const PLAN_CLASSES = ['default', 'in-use', 'halted'] as const;
export type PlanClass = (typeof PLAN_CLASSES)[number];

/** What a plan was when people said yes. */
export interface PlanSubject {
  /** The ids of its machines, sorted; of more than a few the number and a digest. */
  readonly vms: readonly string[];
  readonly position: PlanClass;
}

/** The proof that goes with a covered command to the fence: what was approved, and the votes that did. */
export interface Cover {
  readonly gate: string;
  readonly nonce: string;
  readonly digest: string;
  readonly covered: readonly CoveredStep[];
  readonly votes: readonly string[];
}
