import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApprovalPolicy } from '../model/approval.ts';
import type { GateFacts } from '../model/gate-facts.ts';
import type { Offer } from '../model/offers.ts';
import type { Gate, Timeline } from '../model/run.ts';
import type { FieldSpec } from '../model/runbook.ts';
import type { CoveredStep } from '../model/vote.ts';
import type { GateStore, KeptGate } from '../store/index.ts';
import type { Control } from '../control/index.ts';
import { MusterError } from './errors.ts';
import { gateFor } from './gates.ts';
import { translated } from './translate-error.ts';

/** The part of a gate that an answer is made for. */
export type AskedGate = Pick<Gate, 'kind' | 'nonce' | 'digest' | 'offers' | 'policy' | 'fields'>;

/** What an answer is about: the run that asks, by its own id, and its gate. */
export interface Subject {
  readonly runId: string;
  readonly firstExecutionId: string;
  readonly runbook: string;
  /** The path of the gate in that run. */
  readonly path: string;
  readonly gate: AskedGate;
  /** The action of the step that failed. */
  readonly uses?: string;
  /** The run as it stands; absent where it cannot be asked now. */
  readonly timeline?: Timeline;
}

/** Written by our own activity when the gate opened. */
const asked = z.object({
  runbook: z.string(),
  offers: z.custom<readonly Offer[]>(Array.isArray),
  policy: z.custom<ApprovalPolicy>((value) => typeof value === 'object'),
  fields: z.custom<{ readonly [name: string]: FieldSpec }>().optional(),
  uses: z.string().optional(),
  instructions: z.string().optional(),
  covered: z.custom<readonly CoveredStep[]>(Array.isArray).default([]),
  facts: z.custom<GateFacts>((value) => typeof value === 'object').optional(),
});

export interface SubjectParts {
  readonly control: Control;
  readonly gates: Pick<GateStore, 'listOpen'>;
}

/** A run that a worker has in its cache answers in milliseconds; one that is replayed first, within seconds. */
const RUN_ANSWERS_WITHIN_MS = 8_000;

/** The run cannot say how it stands: no worker runs, or Temporal itself is away. */
const CANNOT_SAY: ReadonlySet<string> = new Set(['run.unanswered', 'temporal.unreachable']);

/**
 * The gate that an answer is for: as the run shows it, or as it was kept when it opened, where the run cannot be asked now.
 *
 * @throws MusterError `run.notFound`, `run.ended`, `gate.notOpen`; what the control says when the gate was not kept either
 */
export async function subjectOf(
  { runId, gate: path }: { readonly runId: string; readonly gate: string },
  parts: SubjectParts,
): Promise<Subject> {
  try {
    const timeline = await inTime(translated(() => parts.control.timeline(runId)));
    const inner = runOfGate(timeline, path);
    if (inner !== undefined) return await subjectOf(inner, parts);
    const step = timeline.steps.find((one) => one.path === path);
    return {
      runId,
      firstExecutionId: timeline.run.firstExecutionId,
      runbook: timeline.run.runbook,
      path,
      gate: gateFor(timeline, path),
      timeline,
      ...(step?.uses !== undefined && { uses: step.uses }),
    };
  } catch (error) {
    if (!(error instanceof MusterError) || !CANNOT_SAY.has(error.code)) throw error;
    const kept = (await parts.gates.listOpen()).find((one) => one.runId === runId && one.path === path);
    if (kept === undefined) throw error;
    return subjectOfKept(kept);
  }
}

/** Whoever answers at night does not wait for a worker that is not there. @throws MusterError `run.unanswered` */
async function inTime<T>(asking: Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const late = delay(RUN_ANSWERS_WITHIN_MS, undefined, { signal: giveUp.signal }).then(() => {
    throw new MusterError('run.unanswered');
  });
  // Only one of the two is listened to in the end.
  asking.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([asking, late]);
  } finally {
    giveUp.abort();
  }
}

/** What people were asked, as it was kept. */
export function keptQuestion({ asked: kept }: Pick<KeptGate, 'asked'>): z.output<typeof asked> {
  return asked.parse(kept);
}

/** A gate as it was kept. */
export function subjectOfKept({ runId, run, path, kind, nonce, digest, asked: kept }: KeptGate): Subject {
  const { runbook, offers, policy, fields, uses } = asked.parse(kept);
  return {
    runId,
    firstExecutionId: run,
    runbook,
    path,
    gate: { kind, nonce, digest, offers, policy, ...(fields !== undefined && { fields }) },
    ...(uses !== undefined && { uses }),
  };
}

/** The run that a gate belongs to, when it is that of a step of this one. */
function runOfGate({ steps }: Timeline, gate: string): { runId: string; gate: string } | undefined {
  const step = steps.find(({ path, child }) => child !== undefined && gate.startsWith(`${path}/`));
  if (step?.child === undefined) return undefined;
  return { runId: step.child.runId, gate: gate.slice(step.path.length + 1) };
}
