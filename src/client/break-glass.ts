import { assertMay } from '../identity/index.ts';
import type { EmergencyWays } from '../model/emergency.ts';
import { REFUSALS, type Verdict } from '../model/vote.ts';
import type { AnswerParts } from './answer.ts';
import type { BreakGlassRequest } from './emergency-requests.ts';
import { MusterError } from './errors.ts';
import { sendVote, verdictFor } from './send-vote.ts';
import { subjectOf } from './subject.ts';

/** Whoever reads it at an audit has to understand it. */
const MIN_REASON_LENGTH = 5;

export interface BreakGlassParts extends AnswerParts {
  readonly emergency: (runbook: string) => EmergencyWays;
}

/** See Muster.breakGlass. */
export async function approveAlone(request: BreakGlassRequest, parts: BreakGlassParts): Promise<Verdict> {
  const { runId, firstExecutionId, runbook, path, gate } = await subjectOf(request, parts);
  assertMay(parts.actor, 'breakglass.use', { runbook });
  if (!parts.emergency(runbook).breakGlass) {
    throw new MusterError('vote.refused', REFUSALS.breakGlassNotAllowed, {
      hint: 'Whoever looks after muster.yaml lists runbooks under emergency.breakGlass.',
    });
  }
  if (gate.kind !== 'approval') {
    throw new MusterError('vote.refused', REFUSALS.notOffered, { hint: 'Only approvals are given alone.' });
  }
  const reason = request.reason.trim();
  if (reason.length < MIN_REASON_LENGTH) {
    throw new MusterError('vote.refused', REFUSALS.commentMissing, {
      hint: `Say in at least ${MIN_REASON_LENGTH} characters why nobody else can be asked; everybody reads it.`,
    });
  }
  const said = {
    run: firstExecutionId,
    gate: path,
    nonce: gate.nonce,
    digest: gate.digest,
    decision: 'approve',
    comment: reason,
    deviation: 'break-glass',
  } as const;
  return verdictFor(await sendVote({ runId, runbook, said }, parts), parts);
}
