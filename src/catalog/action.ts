import { z } from 'zod';
import { parseDuration } from '../model/duration.ts';
import type { ActionFacts } from '../model/runbook.ts';

/** The kinds of server an action can need a connection to. */
export type System = 'vro' | 'vbr' | 'one';

/**
 * An action, declared once. The compiler checks `with` against `input`, the interpreter runs by its facts, the
 * activities are forced by the types to implement it, and `muster actions` prints it.
 */
export interface ActionSpec<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> extends ActionFacts {
  /** One line for lists, beginning with a verb. */
  readonly summary: string;
  /** The kind of connection it uses; absent when it needs none. */
  readonly system?: System;
  readonly input: Input;
  readonly output: Output;
  /** Of a command on a plan: from which states it is legal. */
  readonly legal?: LegalStates;
  /** Of a command on a plan: where the plan stands when it has succeeded. Absent: wherever it comes to rest. */
  readonly leadsTo?: readonly PlanPosition[];
  /** Of a command on a plan: where it leads from a state, when that is not the same from all. */
  readonly leadsFrom?: { readonly [from in PlanPosition]?: readonly PlanPosition[] };
  /** Of a command on a plan: where it finds its goal reached, and sends nothing. */
  readonly doneIn?: readonly PlanPosition[];
  /** Of a command on a plan: whether the plan is enabled when it has succeeded. Absent: as before. */
  readonly leavesEnabled?: boolean;
  /** It cannot be taken back in any way, so no drill may do it. */
  readonly irreversible?: true;
}

/** From which plan states a command may be sent, and how sure the vendor's texts make us. */
export interface LegalStates {
  readonly states: readonly PlanPosition[];
  /** Whether the plan must be enabled as well. */
  readonly enabled?: boolean;
  readonly confidence: Confidence;
}

/** A: stated for this API version. B: for another, and seen in use. C: for another. GUESS: nowhere. */
export type Confidence = 'A' | 'B' | 'C' | 'GUESS';

/**
 * Where a VRO plan stands, as far as legality goes.
 * - `default`: ready to run (verified or not).
 * - `active`: something is running on it.
 * - `halted`: stopped on a critical failure, waiting for a decision.
 * - `failover`, `failback`, …: stable after the named operation.
 */
export type PlanPosition =
  | 'default'
  | 'active'
  | 'halted'
  | 'failover'
  | 'failback'
  | 'prepareToFailback'
  | 'undone'
  | 'committed'
  | 'permanent'
  | 'restored'
  | 'unknown';

/** Declares an action: checks its shape and keeps its exact type, from which others derive theirs. */
export function action<const Spec extends ActionSpec>(spec: Spec): Spec {
  return spec;
}

/** The grammar of model/duration.ts, for readers of schemas: editors check a duration by it. */
export const DURATION_PATTERN =
  '^(?:(?=\\d)(?:\\d{1,6}d)?(?:\\d{1,6}h)?(?:\\d{1,6}m)?(?:\\d{1,6}s)?' +
  '|P(?=[\\dT])(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$';

/** A duration as people write it; see model/duration.ts. */
export const durationText = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, {
    error: 'expected a duration such as 90s, 15m, 2h or 1d',
  })
  .meta({ description: 'a duration: 90s, 15m, 2h, 1d', pattern: DURATION_PATTERN });

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
