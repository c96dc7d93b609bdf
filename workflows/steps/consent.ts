import { sayingYes, spokenVoter } from '../../src/model/approvers.ts';
import { approvalOffers } from '../../src/model/offers.ts';
import { coveringApproval } from '../../src/model/approval.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { ApprovalStep, UsesStep } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import { waitAtGate } from '../gates.ts';
import { approvalPolicy } from './approval.ts';
import { renderedWith } from './command.ts';

/**
 * Who has to say yes to a command that is not what was approved: whoever had to approve it. Undefined when nobody had to.
 */
export function consentRules({ state }: Engine, step: UsesStep): ApprovalStep | undefined {
  return coveringApproval(state.runbook, step.path);
}

/**
 * Asks for one command by itself: with inputs that were corrected, or to take back what discards changes. The answer is
 * kept with the step, as the proof for the fence.
 *
 * @returns why not, when the answer is no
 * @throws Suspended, Stopped
 */
export async function askConsent(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  approval: ApprovalStep,
): Promise<string | undefined> {
  if (record.grant !== undefined) return undefined;
  await waitAtGate(
    engine,
    record,
    {
      kind: 'approval',
      title: record.title,
      policy: approvalPolicy(engine, approval, record),
      offers: approvalOffers(approval),
      covers: () => [
        {
          path: step.path,
          action: step.uses,
          with: renderedWith(engine, step, record),
          ...(step.connection === undefined ? {} : { connection: step.connection }),
        },
      ],
    },
    { hold: true },
  );
  const { gate } = record;
  if (gate === undefined) throw new Error('a gate closed without a vote');
  delete record.gate;
  const no = gate.votes.find(({ decision }) => decision === 'reject');
  if (no !== undefined) return `${spokenVoter(no)}: ${no.comment ?? 'no'}`;
  const { nonce, digest, covered } = gate;
  record.grant = { gate: record.path, nonce, digest, covered, votes: gate.votes.map(({ jws }) => jws) };
  record.grantedBy = sayingYes(gate.votes);
  return undefined;
}
