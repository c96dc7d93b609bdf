import { coveringApproval, DECIDING_ROLE, type ApprovalPolicy } from '../src/model/approval.ts';
import { approversBeside } from '../src/model/approvers.ts';
import { castAt } from '../src/model/cast.ts';
import type { RefusedVotes } from '../src/model/run.ts';
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
  readonly #fresh: RefusedVote[] = [];
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

  /** Those that were refused since this was last asked, and the number of the first of them, counted over the whole run. */
  takeFresh(): { readonly from: number; readonly refused: readonly RefusedVote[] } {
    const refused = this.#fresh.splice(0);
    return { from: this.#refused.total - refused.length, refused };
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
    const cast = castAt(gate, vote, { now, previous: this.#previousTo(vote.gate, gate.policy) });
    if ('refusal' in cast) return cast;
    Object.assign(gate, cast.change);
    if (cast.decided) {
      gate.closedAt = now;
      gate.closedBy = 'vote';
      record.state = 'running';
    }
    return undefined;
  }

  /** Who has said yes elsewhere in this run, where that matters. A consent is asked by the rules of the approval before it. */
  #previousTo(path: string, { exclude }: ApprovalPolicy): string[] {
    if (!exclude.includes('previous-approver')) return [];
    const { records, runbook } = this.#state;
    return approversBeside(records.values(), [path, coveringApproval(runbook, path)?.path ?? path]);
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
    this.#fresh.push(refused);
    this.#refused = {
      total: this.#refused.total + 1,
      latest: [...this.#refused.latest, refused].slice(-MAX_REFUSED),
    };
  }
}
