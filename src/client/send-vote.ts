import type { Control } from '../control/index.ts';
import { IdentityError, newVoteId, signVote, type VoteKeys } from '../identity/index.ts';
import { rolesFor, type Actor } from '../model/actor.ts';
import { REFUSALS, type Verdict, type VoteClaims } from '../model/vote.ts';
import type { KeptVote, VoteStore } from '../store/index.ts';
import { deliverVote } from './deliver.ts';
import { MusterError } from './errors.ts';
import { pollUntil, type Waiting } from './poll.ts';
import { translated } from './translate-error.ts';

/** A signed answer that has not been counted by then is void; whoever gave it can give it again. */
const VOTE_VALID_MS = 24 * 3_600_000;
/** A worker that runs answers within a second; one that is being restarted is back by then. */
export const VERDICT_LIMIT_MS = 15_000;

/** What making and sending a vote needs of the world. */
export interface VotingParts extends Waiting {
  readonly control: Control;
  readonly votes: VoteStore;
  readonly actor: Actor;
  readonly keys: VoteKeys;
}

/** What somebody says, before it is a vote: who they are is added here. */
export type Said = Omit<VoteClaims, 'id' | 'iat' | 'exp' | 'person' | 'roles' | 'assurance' | 'heardBy'> & {
  /** Of the person in whose place it is said, where it is not their own. */
  readonly roles?: readonly string[];
};

/** Whose vote it is, where somebody else enters it. */
export interface Heard {
  readonly id: string;
  readonly person: string;
  readonly roles: readonly string[];
  readonly heardBy: readonly string[];
}

/** A vote that is kept, and on its way. */
export interface SentVote {
  readonly id: string;
  readonly runId: string;
}

/**
 * Signs what somebody says, keeps it, and sends it. When this returns it cannot be lost: what Temporal does not take now is
 * sent again.
 *
 * @throws MusterError `vote.refused` for what cannot be signed, `run.ended`, `run.notFound`
 */
export async function sendVote(
  {
    runId,
    runbook,
    said,
    proof,
    heard,
  }: {
    readonly runId: string;
    readonly runbook: string;
    readonly said: Said;
    /** The ID token of the identity provider that goes with it. */
    readonly proof?: string;
    /** Of a spoken vote: what it is called, who has spoken, and who heard it. */
    readonly heard?: Heard;
  },
  parts: VotingParts,
): Promise<SentVote> {
  const { actor, now } = parts;
  const at = now();
  const own = {
    id: newVoteId(),
    person: actor.person,
    roles: rolesFor(actor.grants, runbook),
    assurance: actor.assurance,
  };
  const claims: VoteClaims = {
    ...(heard === undefined ? own : { ...heard, assurance: 'spoken' }),
    ...said,
    iat: seconds(at),
    exp: seconds(at + VOTE_VALID_MS),
  };
  const jws = await signed(claims, parts);
  const { id, run, gate, nonce, person, decision, exp } = claims;
  const kept: KeptVote = {
    id,
    run,
    runId,
    gate,
    nonce,
    person,
    decision,
    jws,
    ...(proof !== undefined && { proof }),
    castAt: at,
    expiresAt: exp * 1_000,
  };
  await parts.votes.keep(kept);
  await translated(() => deliverVote(kept, parts));
  return { id, runId };
}

/**
 * Waits until a vote is counted.
 *
 * @throws MusterError `vote.refused`, `vote.unanswered` when nobody has looked at it yet
 */
export async function verdictFor({ id, runId }: SentVote, parts: VotingParts): Promise<Verdict> {
  const verdict = await pollUntil(() => verdictOn({ id, runId }, parts), {
    ...parts,
    limitMs: VERDICT_LIMIT_MS,
  });
  if (verdict === undefined) throw unanswered(runId);
  return counted(verdict);
}

/** What became of a vote, as far as anybody can say now. */
export async function verdictOn(
  { id, runId }: SentVote,
  { control }: VotingParts,
): Promise<Verdict | undefined> {
  return (await survivable(() => translated(() => control.verdict(runId, id)))) ?? undefined;
}

/** The vote is on its way: a worker or a server that is away for a moment is no reason to say it was lost. */
export async function survivable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const isAway = error instanceof MusterError && AWAY.has(error.code);
    if (!isAway) throw error;
    return undefined;
  }
}
const AWAY = new Set(['temporal.unreachable', 'run.unanswered']);

/** @throws MusterError `vote.refused` */
export function counted(verdict: Verdict): Verdict {
  if (verdict.counted) return verdict;
  const { refusal, detail } = verdict;
  throw new MusterError(
    'vote.refused',
    detail === undefined ? REFUSALS[refusal] : `${REFUSALS[refusal]} ${detail}`,
    { hint: 'The refusal is kept with the run.' },
  );
}

export function unanswered(runId: string): MusterError {
  return new MusterError('vote.unanswered', undefined, {
    hint: `Do not send it again. Make sure that Temporal and a worker run (\`npm start\`), then look: npx muster show ${runId}`,
  });
}

const seconds = (ms: number): number => Math.floor(ms / 1_000);

async function signed(claims: VoteClaims, { keys }: VotingParts): Promise<string> {
  try {
    return await signVote(keys, claims);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    throw new MusterError('vote.refused', error.message, { cause: error });
  }
}
