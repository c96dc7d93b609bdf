import { codeOfGate, isSameCode, personMay } from '../src/identity/index.ts';
import type { PersonNow } from '../src/identity/index.ts';
import type { ApprovalPolicy } from '../src/model/approval.ts';
import { emergencyFor } from '../src/model/emergency.ts';
import type { Refusal, VerifiedVote } from '../src/model/vote.ts';
import { isHeard, witnessRefusal, type HeardVote } from '../src/model/witness.ts';
import type { KeptGate } from '../src/store/index.ts';
import type { Deps } from './deps.ts';

/**
 * Why a spoken vote does not count. Nobody has signed it but muster, so all that it stands on is looked at here: that it is
 * allowed, that two witnesses have entered it with the code of this opening of the gate, and that they may do so now.
 */
export async function spokenObjection(
  deps: Deps,
  vote: VerifiedVote,
  runbook: string,
): Promise<Refusal | undefined> {
  if (!emergencyFor(deps.policy.emergency, runbook).spoken) return 'spokenNotAllowed';
  const [heard, gate] = await Promise.all([
    deps.stores.spoken.of(vote.id),
    deps.stores.gates.find(vote.nonce),
  ]);
  if (vote.for !== undefined || gate?.kind !== 'approval' || !isHeard(vote, heard)) return 'notHeard';
  if (gate.run !== vote.run || gate.path !== vote.gate || gate.digest !== vote.digest) return 'notHeard';
  const code = codeOfGate(gate);
  if (code === undefined || !heard.every((one) => isSameCode(one.code, code))) return 'wrongCode';
  for (const one of heard) {
    const objection = await witnessObjection(deps, one, gate, runbook);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

async function witnessObjection(
  deps: Deps,
  heard: HeardVote,
  { asked }: KeptGate,
  runbook: string,
): Promise<Refusal | undefined> {
  const witness = await deps.person(heard.witness);
  if (witness === undefined || !personMay(witness, 'gate.spoken', { runbook })) return 'notHeard';
  // Written by our own activity when the gate opened.
  return witnessRefusal(heard, asked['policy'] as unknown as ApprovalPolicy);
}

/** Why somebody may not approve alone. */
export function aloneObjection(
  { policy }: Deps,
  person: PersonNow | undefined,
  runbook: string,
): Refusal | undefined {
  if (!emergencyFor(policy.emergency, runbook).breakGlass) return 'breakGlassNotAllowed';
  const may = person !== undefined && personMay(person, 'breakglass.use', { runbook });
  return may ? undefined : 'breakGlassNotAllowed';
}
