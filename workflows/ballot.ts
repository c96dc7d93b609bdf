import { DECIDING_ROLE, decideApproval, refusalOf } from '../src/model/approval.ts';
import { readFields } from '../src/model/manual.ts';
import { needsComment } from '../src/model/offers.ts';
import type { Gate, RefusedVotes, StepRecord } from '../src/model/run.ts';
import {
  isRunRequest,
  type Refusal,
  type RefusedVote,
  type RunRequest,
  type Verdict,
  type Verified,
  type VerifiedVote,
} from '../src/model/vote.ts';
import type { RunState } from './run-state.ts';

/** How many verdicts can be asked for, and how many of them a snapshot carries on. */
const MAX_VERDICTS = 5_000;
const CARRIED_VERDICTS = 500;
/** How many refused votes are kept in full; all are counted. */
const MAX_REFUSED = 100;

/**
 * Counts votes: which gate they are for, whether the rules let them in, and what follows. Pure but for the state it
 * is given. Every vote gets a verdict; a refused one changes nothing else.
 */
export class Ballot {
  readonly #state: RunState;
  readonly #verdicts: Map<string, Verdict>;
  #refused: RefusedVotes;
  /** Called when someone who may has asked something of the run as a whole; answers why it cannot be done. */
  onRequest: (request: RunRequest, vote: VerifiedVote) => Refusal | undefined = () => undefined;

  constructor(state: RunState, verdicts: readonly Verdict[], refused: RefusedVotes) {
    this.#state = state;
    this.#verdicts = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    this.#refused = refused;
  }

  get refused(): RefusedVotes {
    return this.#refused;
  }

  verdict(id: string): Verdict | null {
    return this.#verdicts.get(id) ?? null;
  }

  /** The latest verdicts, as a snapshot carries them. */
  carried(): Verdict[] {
    return [...this.#verdicts.values()].slice(-CARRIED_VERDICTS);
  }

  /** Counts or refuses one vote whose signature was looked at. The same vote arriving again changes nothing. */
  count(verified: Verified, now: number): void {
    const id = verified.ok ? verified.vote.id : verified.id;
    // A forged vote must not be able to take the id, and so the verdict, of a good one that is still to come.
    if (verified.ok && this.#verdicts.get(id)?.counted === true) return;
    const refusal = verified.ok ? this.#cast(verified.vote, now) : { refusal: verified.refusal };
    if (refusal === undefined) {
      this.#answer({ id, counted: true });
      return;
    }
    const claimed = verified.ok ? verified.vote : { gate: verified.gate, person: verified.claimedPerson };
    this.#refuse({
      id,
      at: now,
      ...refusal,
      ...(claimed.gate === undefined ? {} : { gate: claimed.gate }),
      ...(claimed.person === undefined ? {} : { claimedPerson: claimed.person }),
    });
  }

  /** Why a good signature still does not count, or undefined when it has been counted. */
  #cast(vote: VerifiedVote, now: number): { refusal: Refusal; detail?: string } | undefined {
    if (vote.run !== this.#state.identity.firstExecutionId) return { refusal: 'otherRun' };
    if (isRunRequest(vote.decision)) {
      if (!vote.roles.includes(DECIDING_ROLE)) return { refusal: 'noRole' };
      const refusal = this.onRequest(vote.decision, vote);
      return refusal && { refusal };
    }
    const record = this.#state.records.get(vote.gate);
    const gate = record?.gate;
    if (record === undefined || gate?.closedAt !== undefined || gate === undefined) {
      return { refusal: 'noSuchGate' };
    }
    if (vote.nonce !== gate.nonce) return { refusal: 'otherGate' };
    if (vote.digest !== gate.digest) return { refusal: 'otherDigest' };
    const offer = gate.offers.find(
      ({ decision, option, answer }) =>
        decision === vote.decision &&
        (option === undefined || option === vote.option) &&
        (answer === undefined || answer === vote.answer),
    );
    if (offer === undefined) return { refusal: 'notOffered' };
    if (offer.unavailable !== undefined) return { refusal: 'notOffered', detail: offer.unavailable };
    if (needsComment(offer.decision) && (vote.comment ?? '').trim() === '') {
      return { refusal: 'commentMissing' };
    }
    const filledIn = gate.fields && readFields(gate.fields, vote.values ?? {}, { readTexts: false });
    if (filledIn !== undefined && 'problem' in filledIn) {
      return { refusal: 'badValues', detail: filledIn.problem };
    }
    const refusal = refusalOf(vote, gate.policy, gate.votes);
    if (refusal !== undefined) return { refusal };
    gate.votes.push(vote);
    settle(record, gate, now);
    return undefined;
  }

  #answer(verdict: Verdict): void {
    this.#verdicts.set(verdict.id, verdict);
    if (this.#verdicts.size > MAX_VERDICTS) {
      const [oldest] = this.#verdicts.keys();
      if (oldest !== undefined) this.#verdicts.delete(oldest);
    }
  }

  #refuse(refused: RefusedVote): void {
    const { id, refusal, detail } = refused;
    if (this.#verdicts.get(id)?.counted !== true) {
      this.#answer({ id, counted: false, refusal, ...(detail === undefined ? {} : { detail }) });
    }
    this.#refused = {
      total: this.#refused.total + 1,
      latest: [...this.#refused.latest, refused].slice(-MAX_REFUSED),
    };
  }
}

/** Closes a gate once its votes decide it. A decision is taken by the first vote that counts. */
function settle(record: StepRecord, gate: Gate, now: number): void {
  if (gate.kind === 'approval') {
    const decided = decideApproval(gate.votes, gate.policy);
    gate.missing = decided.state === 'open' ? decided.missing : [];
    if (decided.state === 'open') return;
  }
  gate.closedAt = now;
  gate.closedBy = 'vote';
  record.state = 'running';
}
