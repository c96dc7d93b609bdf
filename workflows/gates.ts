import { condition } from '@temporalio/workflow';
import type { ApprovalPolicy } from '../src/model/approval.ts';
import { deviationText, spokenVoter } from '../src/model/approvers.ts';
import { askedForDecisions } from '../src/model/decision-rules.ts';
import type { StepFailure } from '../src/model/failure.ts';
import { momentsOf, nextMoment } from '../src/model/gate-moments.ts';
import type { Offer } from '../src/model/offers.ts';
import type { Gate, StepRecord } from '../src/model/run.ts';
import type { Escalation } from '../src/model/runbook.ts';
import { askedFor } from '../src/model/seats.ts';
import type { OpenGateInput } from '../activities/contract.ts';
import type { Engine } from './engine.ts';
import { Suspended } from './interruption.ts';
import { gatesTell } from './patches.ts';
import { isStillSo } from './recheck.ts';
import { askedAt, tellGate } from './tell-gate.ts';

/** How a gate closes while its run goes on. */
export type Closing = 'vote' | 'timeout' | 'noticed';

/** What a gate is opened with. */
export interface GateSpec {
  readonly kind: Gate['kind'];
  readonly title: string;
  readonly policy: ApprovalPolicy;
  readonly offers: readonly Offer[];
  /** What a yes allows, rendered: when the gate opens, and again when its rules are met. */
  readonly covers: () => OpenGateInput['covers'];
  readonly failure?: StepFailure;
  /** Of a manual step. */
  readonly instructions?: string;
  readonly fields?: Gate['fields'];
  readonly escalate?: readonly Escalation[];
  /** Milliseconds; absent means it waits for as long as it takes. */
  readonly timeoutMs?: number;
}

/**
 * Waits at a gate until its votes decide it, or its time is over and `hold` is false. A gate that is open already
 * (after continue-as-new) is waited at again: its nonce, its votes and its deadline stay. Votes for something that has
 * changed meanwhile are void, and the gate stays open.
 *
 * @returns how it closed
 * @throws Suspended, Stopped, BranchStopped
 */
export async function waitAtGate(
  engine: Engine,
  record: StepRecord,
  spec: GateSpec,
  { hold }: { hold: boolean },
): Promise<Closing> {
  if (gateOf(record, spec.kind) === undefined) await openGate(engine, record, spec);
  try {
    for (;;) {
      const closed = await closing(engine, record, hold);
      if (closed === 'vote' && !(await isStillSo(engine, record, spec.covers))) continue;
      noteDeviation(engine, record);
      noteDecided(engine, record, closed);
      tellGate(engine, record, 'closed', { by: closed, ...heardAt(record) });
      return closed;
    }
  } catch (error) {
    if (!(error instanceof Suspended)) tellGate(engine, record, 'closed', { by: 'stopped' });
    throw error;
  }
}

function noteDecided({ state }: Engine, { path, gate }: StepRecord, by: Closing): void {
  if (gate === undefined) return;
  const { nonce, digest, votes, deviation, closedAt } = gate;
  state.journal.note({
    kind: 'gate.decided',
    at: closedAt ?? 0,
    path,
    nonce,
    digest,
    by,
    votes: votes.map(({ id }) => id),
    ...(deviation === undefined ? {} : { deviation: deviation.how }),
  });
}

/** That one person has approved alone stays with the step, and everybody is told. */
function noteDeviation(engine: Engine, record: StepRecord): void {
  const deviation = record.gate?.deviation;
  if (deviation === undefined) return;
  record.deviation = deviation;
  tellGate(engine, record, 'breakGlass', { reasons: [deviationText(deviation)] });
}

/** Whoever is said to have spoken must hear of it. */
function heardAt({ gate }: StepRecord): { readonly reasons?: readonly string[] } {
  const spoken = (gate?.votes ?? []).filter(({ heardBy }) => heardBy !== undefined);
  if (spoken.length === 0) return {};
  return { reasons: spoken.map((vote) => `${spokenVoter(vote)}: ${vote.decision}`) };
}

/** Waits until the gate closes, and keeps when people were waited for. */
async function closing(engine: Engine, record: StepRecord, hold: boolean): Promise<Closing> {
  const { gate } = record;
  if (gate === undefined) throw new Error(`no gate at ${record.path}`);
  // It may have been decided in the very moment in which the run had to continue as new.
  if (gate.closedAt !== undefined) return closingOf(gate);
  record.state = 'waiting';
  engine.announceWaiting();
  try {
    await engine.interruption.interruptible(() => untilClosed(engine, record, gate, hold));
  } finally {
    engine.announceWaiting();
  }
  record.waits = [...(record.waits ?? []), { from: lastWaited(record, gate), to: engine.now() }];
  return closingOf(gate);
}

/** From its opening; of a gate whose votes were void, from then. */
function lastWaited({ waits = [] }: StepRecord, { openedAt, voided = [] }: Gate): number {
  return Math.max(openedAt, ...(voided.length === 0 ? [] : waits.map(({ to }) => to)));
}

async function untilClosed(engine: Engine, record: StepRecord, gate: Gate, hold: boolean): Promise<void> {
  const closed = (): boolean => gate.closedAt !== undefined;
  for (;;) {
    const next = nextMoment(record, gate);
    if (next === undefined) break;
    if (await condition(closed, Math.max(1, next.at - engine.now()))) return;
    if (next.event !== 'timeout') {
      gate.told = (gate.told ?? 0) + 1;
      tellGate(engine, record, next.event, next.to === undefined ? {} : { to: next.to });
    } else if (hold) gate.overdue = true;
    else {
      gate.closedAt = engine.now();
      gate.closedBy = 'timeout';
      record.state = 'running';
      return;
    }
  }
  await condition(closed);
}

/** The gate of this kind that the step waits at, or whose answer it has not acted on yet. */
function gateOf({ gate }: StepRecord, kind: Gate['kind']): Gate | undefined {
  return gate?.kind === kind ? gate : undefined;
}

function closingOf({ closedBy }: Gate): Closing {
  return closedBy === 'timeout' || closedBy === 'noticed' ? closedBy : 'vote';
}

async function openGate(engine: Engine, record: StepRecord, spec: GateSpec): Promise<void> {
  const { policy, failure, instructions, fields } = spec;
  const { rules, decisions } = policy;
  const covers = spec.covers();
  // Whoever reads the ledger finds the question after what led to it.
  if (engine.state.journal.isKept) await engine.recorded();
  const { nonce, digest, covered } = await engine.thaw.whenThawed(record, () =>
    engine.interruption.interruptible(() =>
      engine.activities['muster.openGate']({
        run: engine.state.identity,
        path: record.path,
        covers,
        attempt: record.attempt,
        ...(failure === undefined ? {} : { failure }),
        asked: askedAt(record, spec, dueFrom(engine.now(), spec)),
      }),
    ),
  );
  const openedAt = engine.now();
  const tells = gatesTell();
  record.gate = {
    kind: spec.kind,
    nonce,
    digest,
    covered,
    ...(instructions === undefined ? {} : { instructions }),
    ...(fields === undefined ? {} : { fields }),
    title: spec.title,
    openedAt,
    policy,
    offers: spec.offers,
    votes: [],
    missing: decisions === undefined ? askedFor(rules) : askedForDecisions(decisions),
    ...(tells ? { moments: momentsOf(spec, openedAt) } : {}),
    ...(tells && covers.length > 0 ? { rechecks: true } : {}),
  };
  const dueAt = dueFrom(openedAt, spec);
  if (dueAt === undefined) delete record.dueAt;
  else record.dueAt = dueAt;
  tellGate(engine, record, 'opened');
}

function dueFrom(openedAt: number, { timeoutMs }: GateSpec): number | undefined {
  return timeoutMs === undefined ? undefined : openedAt + timeoutMs;
}
