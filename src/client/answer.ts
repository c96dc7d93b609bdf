import { assertMay, voteDigest } from '../identity/index.ts';
import type { Timeline } from '../model/run.ts';
import { WHOLE_RUN, type Verdict } from '../model/vote.ts';
import { assertGoesOn, assertOffered, assertSeen } from './gates.ts';
import { valuesFor } from './filled-in.ts';
import type { CancelRequest, PauseRequest, VoteRequest } from './muster.ts';
import { pollUntil } from './poll.ts';
import {
  counted,
  sendVote,
  survivable,
  unanswered,
  VERDICT_LIMIT_MS,
  verdictFor,
  verdictOn,
  type Said,
  type VotingParts,
} from './send-vote.ts';
import { subjectOf, type SubjectParts } from './subject.ts';
import { translated } from './translate-error.ts';

/** What answering a gate needs of the world. */
export interface AnswerParts extends VotingParts, SubjectParts {}

/** An answer that is checked as far as it can be before it is signed. */
export interface VoteDraft {
  readonly runId: string;
  readonly runbook: string;
  readonly said: Said;
  /** What the login that proves it has to carry as its nonce. */
  readonly nonce: string;
}

/** See Muster.vote. */
export async function castVote(request: VoteRequest, parts: AnswerParts): Promise<Verdict> {
  return castDraft(await draftVote(request, parts), parts);
}

/** Signs a draft, keeps it with its proof, and sends it. @throws as Muster.vote */
export async function castDraft(draft: VoteDraft, parts: AnswerParts, proof?: string): Promise<Verdict> {
  return verdictFor(await sendVote({ ...draft, ...(proof !== undefined && { proof }) }, parts), parts);
}

/**
 * Makes an answer, refusing what the run would refuse.
 *
 * @throws as Muster.vote
 */
export async function draftVote(request: VoteRequest, parts: AnswerParts): Promise<VoteDraft> {
  const { decision, option, answer, comment } = request;
  const subject = await subjectOf(request, parts);
  const { runId, firstExecutionId, runbook, path, gate } = subject;
  assertMay(parts.actor, gate.kind === 'decision' ? 'run.decide' : 'gate.vote', { runbook });
  assertSeen(gate, request);
  assertOffered(gate, request);
  const values = valuesFor(subject, request);
  const said: Said = {
    run: firstExecutionId,
    gate: path,
    nonce: gate.nonce,
    digest: gate.digest,
    decision,
    ...(option !== undefined && { option }),
    ...(answer !== undefined && { answer }),
    ...(values !== undefined && { values }),
    ...(request.for !== undefined && { for: request.for }),
    ...(comment !== undefined && { comment }),
  };
  const nonce = voteDigest({ ...said, person: parts.actor.person, roles: [] });
  return { runId, runbook, said, nonce };
}

/** See Muster.pause and Muster.resume. */
export async function requestPause(
  decision: 'pause' | 'resume',
  { runId, step = WHOLE_RUN, reason }: PauseRequest,
  parts: AnswerParts,
): Promise<void> {
  const { run } = await goingOn(runId, parts);
  const { runbook } = run;
  assertMay(parts.actor, 'run.pause', { runbook });
  const said = aboutRun(run.firstExecutionId, { decision, gate: step, reason });
  await verdictFor(await sendVote({ runId, runbook, said }, parts), parts);
}

/** See Muster.cancel. */
export async function requestCancel({ runId, reason }: CancelRequest, parts: AnswerParts): Promise<void> {
  const { run } = await goingOn(runId, parts);
  const { runbook } = run;
  assertMay(parts.actor, 'run.cancel', { runbook });
  const said = aboutRun(run.firstExecutionId, { decision: 'cancel', gate: WHOLE_RUN, reason });
  const sent = await sendVote({ runId, runbook, said }, parts);
  const taken = await pollUntil(
    async () => {
      const verdict = await verdictOn(sent, parts);
      if (verdict !== undefined) counted(verdict);
      const now = await survivable(() => headOf(runId, parts));
      if (now?.cancelled !== undefined) return true;
      if (now !== undefined) assertGoesOn(now);
      return undefined;
    },
    { ...parts, limitMs: VERDICT_LIMIT_MS },
  );
  if (taken === undefined) throw unanswered(runId);
}

/** A request that concerns the run as a whole is bound to the run, and to nothing else of it. */
function aboutRun(
  run: string,
  { decision, gate, reason }: Pick<Said, 'decision' | 'gate'> & { readonly reason: string | undefined },
): Said {
  return {
    run,
    gate,
    nonce: run,
    digest: run,
    decision,
    ...(reason !== undefined && { comment: reason }),
  };
}

/** @throws MusterError `run.ended` */
async function goingOn(runId: string, parts: AnswerParts): Promise<Timeline> {
  const head = await headOf(runId, parts);
  assertGoesOn(head);
  return head;
}

function headOf(runId: string, { control }: AnswerParts): Promise<Timeline> {
  return translated(() => control.timelinePage(runId, { from: 0, limit: 1 }));
}
