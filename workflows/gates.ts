import { condition } from '@temporalio/workflow';
import type { ApprovalPolicy } from '../src/model/approval.ts';
import type { StepFailure } from '../src/model/failure.ts';
import type { Offer } from '../src/model/offers.ts';
import type { Gate, StepRecord } from '../src/model/run.ts';
import type { OpenGateInput } from '../activities/contract.ts';
import type { Engine } from './engine.ts';

/** How a gate closes while its run goes on. */
export type Closing = 'vote' | 'timeout' | 'noticed';

/** What a gate is opened with. */
export interface GateSpec {
  readonly kind: Gate['kind'];
  readonly title: string;
  readonly policy: ApprovalPolicy;
  readonly offers: readonly Offer[];
  readonly covers: OpenGateInput['covers'];
  readonly failure?: StepFailure;
  /** Of a manual step. */
  readonly instructions?: string;
  readonly fields?: Gate['fields'];
  /** Milliseconds; absent means it waits for as long as it takes. */
  readonly timeoutMs?: number;
}

/**
 * Waits at a gate until its votes decide it, or its time is over and `hold` is false. A gate that is open already
 * (after continue-as-new) is waited at again: its nonce, its votes and its deadline stay.
 *
 * @returns how it closed
 * @throws Suspended, Stopped
 */
export async function waitAtGate(
  engine: Engine,
  record: StepRecord,
  spec: GateSpec,
  { hold }: { hold: boolean },
): Promise<Closing> {
  const gate = gateOf(record, spec.kind) ?? (await openGate(engine, record, spec));
  // It may have been decided in the very moment in which the run had to continue as new.
  if (gate.closedAt !== undefined) return closingOf(gate);
  record.state = 'waiting';
  engine.announceWaiting();
  try {
    await engine.interruption.interruptible(async () => {
      const closed = (): boolean => gate.closedAt !== undefined;
      if (record.dueAt !== undefined && gate.overdue !== true) {
        if (await condition(closed, Math.max(1, record.dueAt - engine.now()))) return;
        if (hold) gate.overdue = true;
        else close(record, gate, engine.now(), 'timeout');
      }
      await condition(closed);
    });
  } finally {
    engine.announceWaiting();
  }
  record.waits = [...(record.waits ?? []), { from: gate.openedAt, to: engine.now() }];
  return closingOf(gate);
}

/** The gate of this kind that the step waits at, or whose answer it has not acted on yet. */
function gateOf({ gate }: StepRecord, kind: Gate['kind']): Gate | undefined {
  return gate?.kind === kind ? gate : undefined;
}

function closingOf({ closedBy }: Gate): Closing {
  return closedBy === 'timeout' || closedBy === 'noticed' ? closedBy : 'vote';
}

async function openGate(engine: Engine, record: StepRecord, spec: GateSpec): Promise<Gate> {
  const { nonce, digest, covered } = await engine.interruption.interruptible(() =>
    engine.activities['muster.openGate']({
      run: engine.state.identity,
      path: record.path,
      covers: spec.covers,
      attempt: record.attempt,
      ...(spec.failure === undefined ? {} : { failure: spec.failure }),
    }),
  );
  const gate: Gate = {
    kind: spec.kind,
    nonce,
    digest,
    covered,
    ...(spec.instructions === undefined ? {} : { instructions: spec.instructions }),
    ...(spec.fields === undefined ? {} : { fields: spec.fields }),
    title: spec.title,
    openedAt: engine.now(),
    policy: spec.policy,
    offers: spec.offers,
    votes: [],
    missing: spec.policy.rules.map((rule) =>
      'role' in rule ? `${rule.count} with role ${rule.role}` : `${rule.count} of ${rule.people.join(', ')}`,
    ),
  };
  record.gate = gate;
  if (spec.timeoutMs === undefined) delete record.dueAt;
  else record.dueAt = engine.now() + spec.timeoutMs;
  return gate;
}

function close(record: StepRecord, gate: Gate, now: number, by: NonNullable<Gate['closedBy']>): void {
  gate.closedAt = now;
  gate.closedBy = by;
  record.state = 'running';
}
