import { assertMay, codeOfGate, isSameCode, newVoteId, type Identity } from '../identity/index.ts';
import { rolesFor } from '../model/actor.ts';
import { refusalOf } from '../model/approval.ts';
import type { EmergencyWays } from '../model/emergency.ts';
import { REFUSALS, type Refusal } from '../model/vote.ts';
import { HEARD_WITHIN_MS, MAX_WRONG_CODES, witnessRefusal, type HeardVote } from '../model/witness.ts';
import type { GateStore, KeptGate, SpokenStore } from '../store/index.ts';
import type { SpokenAnswer, SpokenRequest } from './emergency-requests.ts';
import { MusterError } from './errors.ts';
import { assertOffered } from './gates.ts';
import { sendVote, verdictFor, type VotingParts } from './send-vote.ts';
import { subjectOf, type Subject, type SubjectParts } from './subject.ts';

/** What entering a spoken vote needs of the world. */
export interface SpokenParts extends VotingParts, SubjectParts {
  readonly identity: Pick<Identity, 'person'>;
  readonly spoken: SpokenStore;
  readonly gates: Pick<GateStore, 'listOpen' | 'find'>;
  readonly emergency: (runbook: string) => EmergencyWays;
}

/** See Muster.spoken. */
export async function enterSpoken(request: SpokenRequest, parts: SpokenParts): Promise<SpokenAnswer> {
  const { actor, now, spoken } = parts;
  const subject = await subjectOf(request, parts);
  const { runId, firstExecutionId, runbook, path, gate } = subject;
  assertMay(actor, 'gate.spoken', { runbook });
  if (gate.kind !== 'approval') throw refused('notOffered');
  assertOffered(gate, request);
  const { approver, code, decision, comment } = request;
  const at = now();
  const entered: HeardVote = {
    run: firstExecutionId,
    runId,
    gate: path,
    nonce: gate.nonce,
    digest: gate.digest,
    approver,
    decision,
    ...(comment !== undefined && { comment }),
    witness: actor.person,
    code,
    at,
  };
  const kept = await parts.gates.find(gate.nonce);
  const { objection, roles } = await looksAt(entered, subject, parts);
  if (objection !== undefined) {
    await spoken.refuse(entered, objection);
    throw refused(objection);
  }
  const id = newVoteId();
  const result = await spoken.hear(entered, {
    vote: id,
    since: at - HEARD_WITHIN_MS,
    isRight: kept !== undefined && isCodeOf(kept, code),
    maxWrong: MAX_WRONG_CODES,
  });
  if ('refusal' in result) throw refused(result.refusal);
  if (result.heard.length < 2) return { state: 'waitsForWitness', until: at + HEARD_WITHIN_MS };
  const heardBy = result.heard.map(({ witness }) => witness);
  const why = result.heard.flatMap((one) => one.comment ?? [])[0];
  const sent = await sendVote(
    {
      runId,
      runbook,
      said: {
        run: firstExecutionId,
        gate: path,
        nonce: gate.nonce,
        digest: gate.digest,
        decision,
        ...(why !== undefined && { comment: why }),
      },
      heard: { id, person: approver, roles, heardBy },
    },
    parts,
  );
  return { state: 'counted', heardBy, verdict: await verdictFor(sent, parts) };
}

/** Why it could never count, whatever the code; and the roles of whoever has spoken. */
async function looksAt(
  entered: HeardVote,
  { runbook, gate: { policy } }: Subject,
  { emergency, identity }: SpokenParts,
): Promise<{ readonly objection?: Refusal; readonly roles: readonly string[] }> {
  if (!emergency(runbook).spoken) return { objection: 'spokenNotAllowed', roles: [] };
  const person = await identity.person(entered.approver);
  if (person === undefined) return { objection: 'unknownPerson', roles: [] };
  if (person.revoked !== undefined) return { objection: 'revoked', roles: [] };
  if (person.kind !== 'person') return { objection: 'notAPerson', roles: [] };
  const roles = rolesFor(person.grants, runbook);
  const objection = refusalOf({ person: person.id, roles }, policy, []) ?? witnessRefusal(entered, policy);
  return objection === undefined ? { roles } : { objection, roles };
}

function isCodeOf(gate: KeptGate, entered: string): boolean {
  const code = codeOfGate(gate);
  return code !== undefined && isSameCode(entered, code);
}

function refused(refusal: Refusal): MusterError {
  const hint = HINTS[refusal] ?? 'The refusal is kept with the run.';
  return new MusterError('vote.refused', REFUSALS[refusal], { hint });
}

const HINTS: { readonly [refusal in Refusal]?: string } = {
  wrongCode:
    'Ask the approver to read it again, from the newest message or from the card of this gate. After five wrong codes none of yours is taken here.',
  spokenNotAllowed: 'Whoever looks after muster.yaml lists runbooks under emergency.spoken.',
  sameWitness: 'Another person has to hear it, too, and enter it in their own name.',
};
