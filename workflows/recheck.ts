import type { OpenGateInput } from '../activities/contract.ts';
import type { StepRecord } from '../src/model/run.ts';
import { recounted, reopened } from '../src/model/reopened.ts';
import type { Engine } from './engine.ts';
import { askedAt, tellGate } from './tell-gate.ts';

/**
 * Looks whether what people said yes to is still what would be done, and whether those people may still say so. When not,
 * the votes are void, and the gate stays open, about what it is now.
 *
 * @throws Suspended, Stopped, BranchStopped; the gate is closed then, and looked at again when it is taken up
 */
export async function isStillSo(
  engine: Engine,
  record: StepRecord,
  covers: () => OpenGateInput['covers'],
): Promise<boolean> {
  const { gate } = record;
  if (gate?.rechecks !== true || gate.votes.some(({ decision }) => decision === 'reject')) return true;
  const { digest, covered } = gate;
  const checked = await engine.interruption.interruptible(() =>
    engine.activities['muster.recheckGate']({
      run: engine.state.identity,
      path: record.path,
      attempt: record.attempt,
      asked: askedAt(record, gate, record.dueAt),
      covers: covers(),
      digest,
      covered,
      votes: gate.votes.map(({ jws }) => jws),
    }),
  );
  const at = engine.now();
  if (!checked.same) {
    record.gate = reopened(gate, checked.opened, checked.changed, at);
    tellGate(engine, record, 'voided', { reasons: checked.changed });
    return false;
  }
  const { previous } = gate.policy;
  record.gate = recounted(gate, checked.votes, { at, ...(previous === undefined ? {} : { previous }) });
  if (record.gate.closedAt !== undefined) return true;
  const gone = record.gate.voided?.filter((voided) => voided.at === at) ?? [];
  const reasons = gone.flatMap((voided) => voided.reasons);
  tellGate(engine, record, 'voided', { reasons });
  return false;
}
