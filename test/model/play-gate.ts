import type { ApprovalPolicy } from '../../src/model/approval.ts';
import { decideApproval } from '../../src/model/approval.ts';
import { castAt } from '../../src/model/cast.ts';
import { allDecisionRules, decideFailure, decisionRulesOf } from '../../src/model/decision-rules.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { approvalOffers, type Offer } from '../../src/model/offers.ts';
import { recounted, reopened } from '../../src/model/reopened.ts';
import type { Gate } from '../../src/model/run.ts';
import {
  CONTINUE_OPTIONS,
  FAILURE_DECISIONS,
  type Decision,
  type Verified,
  type VerifiedVote,
} from '../../src/model/vote.ts';
import { PEOPLE, type Situation } from './approval-table.ts';

/** What a gate came to. */
export interface Played {
  readonly verdicts: readonly string[];
  readonly ends: string;
  readonly missing: readonly string[];
  readonly gate: Gate;
}

const EVERYTHING: readonly Offer[] = [
  ...FAILURE_DECISIONS.filter((decision) => decision !== 'continue').map((decision) => ({
    decision,
    says: '',
  })),
  ...CONTINUE_OPTIONS.map((option) => ({ decision: 'continue' as const, option, says: '' })),
];
const WORDS: Readonly<Record<string, Decision>> = { yes: 'approve', no: 'reject', back: 'withdraw' };

/** Plays a situation at a gate, as a run does: votes one after the other, until it is decided. */
export function playGate(situation: Situation, votes: readonly string[] = situation.votes): Played {
  let gate = gateOf(situation);
  const before = new Map<string, VerifiedVote>();
  const { previous = [] } = situation;
  const verdicts = votes.map((text, index) => {
    const change = /^changed: (.*)/.exec(text)?.[1];
    if (change !== undefined) {
      const opened = { nonce: `${gate.nonce}'`, digest: `${gate.digest}'`, covered: [] };
      gate = reopened(gate, opened, [change], index);
      return 'void';
    }
    const gone = /^gone: (.*)/.exec(text)?.[1];
    if (gone !== undefined) {
      gate = recounted(
        gate,
        gate.votes.map((vote) => now(vote, gone)),
        { at: index },
      );
      return 'void';
    }
    if (gate.closedAt !== undefined) return 'noSuchGate';
    const isAgain = text.endsWith(' again');
    const said = text.replace(/ again$/, '');
    const vote = (isAgain ? before.get(said) : undefined) ?? voteOf(said, index, gate);
    before.set(said, vote);
    const cast = castAt(gate, vote, { now: index, previous });
    if ('refusal' in cast) return cast.refusal;
    gate = {
      ...gate,
      ...cast.change,
      ...(cast.decided ? { closedAt: index, closedBy: 'vote' as const } : {}),
    };
    return 'ok';
  });
  return { verdicts, ends: endOf(gate), missing: gate.missing, gate };
}

function gateOf({ rules = [], exclude = [], authors, comment, decisions }: Situation): Gate {
  const known = decisions && decisionRulesOf({ decisions });
  const policy: ApprovalPolicy = {
    rules: known === undefined ? rules : allDecisionRules(known),
    exclude,
    starter: 'anna',
    ...(authors === undefined ? {} : { authors }),
    ...(known === undefined ? {} : { decisions: known }),
  };
  return {
    kind: known === undefined ? 'approval' : 'decision',
    nonce: 'nonce',
    digest: 'digest',
    title: 'Go?',
    openedAt: 0,
    policy,
    offers: known === undefined ? approvalOffers(comment === undefined ? {} : { comment }) : EVERYTHING,
    covered: [],
    votes: [],
    missing: [],
  };
}

/** Reads one line of the table. */
function voteOf(text: string, index: number, { nonce, digest }: Gate): VerifiedVote {
  const [, person = '', delegator, word = '', rest = ''] =
    /^(\w+)(?: for (\w+))? (\w+)(.*)$/.exec(text) ?? [];
  const words = rest
    .trim()
    .split(' ')
    .filter((part) => part !== '');
  const option = CONTINUE_OPTIONS.find((known) => words.includes(known));
  const heardBy = words.find((known) => known.startsWith('by:'))?.slice(3);
  const values = Object.fromEntries(
    words.flatMap((part) => (part.includes('=') ? [part.split('=', 2)] : [])),
  ) as JsonObject;
  return {
    id: `vote-${index}`,
    run: 'run',
    gate: 'go',
    nonce,
    digest,
    decision: WORDS[word] ?? FAILURE_DECISIONS.find((known) => known === word) ?? 'adopt',
    ...(option === undefined ? {} : { option }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
    person,
    ...(delegator === undefined ? {} : { for: delegator }),
    roles: PEOPLE[delegator ?? person] ?? [],
    ...(heardBy === undefined ? {} : { assurance: 'spoken' as const, heardBy: heardBy.split(',') }),
    ...(words.includes('alone') ? { deviation: 'break-glass' as const } : {}),
    ...(words.includes('+') ? {} : { comment: 'because' }),
    iat: 0,
    exp: 1,
    jws: `jws-${index}`,
  };
}

/** What is found of a vote when somebody was revoked meanwhile. */
function now(vote: VerifiedVote, gone: string): Verified {
  const { id, person } = vote;
  return person === gone ? { ok: false, id, refusal: 'revoked' } : { ok: true, vote };
}

function endOf({ closedAt, votes, policy }: Gate): string {
  if (closedAt === undefined) return 'open';
  if (policy.decisions === undefined) return decideApproval(votes, policy).state;
  const decided = decideFailure(votes, policy.decisions);
  if (decided.state === 'open') return 'open';
  const [first] = decided.votes;
  return `taken: ${first.decision} ${decided.votes.map(({ person }) => person).join(' ')}`;
}
