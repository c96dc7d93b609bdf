import { createHash } from 'node:crypto';
import type { Fault, HttpFault, SeededFault, SeededKind, System } from './fault-schema.ts';

/** The request a draw is about: the `ordinal`th of its call (and plan), from 1. */
export interface Draw {
  readonly system: System;
  readonly call: string;
  readonly plan: string | undefined;
  readonly ordinal: number;
}

/** Six bytes make a fraction without rounding: 2^48 is below 2^53. */
const FRACTION_BYTES = 6;

/**
 * Faults drawn from a seed, for `simulator.faults.add` or `startSimulator({ faults })`. Each request's fate hangs on the
 * seed, the system, the call, the plan it is about and how often that has been asked before, and on nothing else: calls
 * that run at the same time do not disturb each other's.
 */
export function seededFaults(options: Omit<Extract<Fault, { kind: 'seeded' }>, 'kind'>): Fault {
  return { kind: 'seeded', ...options };
}

/** The fault that strikes a request, or undefined for most. */
export function drawFault(fault: SeededFault, draw: Draw): HttpFault | undefined {
  const { system, call, plan = '', ordinal } = draw;
  const text = JSON.stringify([fault.seed, system, call.toLowerCase(), plan.toLowerCase(), ordinal]);
  const bytes = createHash('sha256').update(text).digest();
  const fraction = (offset: number): number =>
    bytes.readUIntBE(offset, FRACTION_BYTES) / 2 ** (8 * FRACTION_BYTES);
  if (fraction(0) >= fault.rate) return undefined;
  const kind = fault.kinds[Math.floor(fraction(FRACTION_BYTES) * fault.kinds.length)];
  return kind === undefined ? undefined : faultOf(kind, fault, draw, fraction(2 * FRACTION_BYTES));
}

function faultOf(
  kind: SeededKind,
  { retryAfter, hangMs, slowMs }: SeededFault,
  { system, call }: Draw,
  fraction: number,
): HttpFault {
  const match = { system, call, plan: undefined, times: 1, after: 0 };
  switch (kind) {
    case 'throttled':
      return { ...match, kind: 'throttle', status: 429, retryAfter };
    case 'unavailable':
      return { ...match, kind: 'throttle', status: 503, retryAfter };
    case 'error':
      return { ...match, kind: 'error', status: 500, when: 'before' };
    case 'errorAfter':
      return { ...match, kind: 'error', status: 500, when: 'after' };
    case 'reset':
      return { ...match, kind: 'drop', when: 'before' };
    case 'resetAfter':
      return { ...match, kind: 'drop', when: 'after' };
    case 'hang':
      return { ...match, kind: 'hang', ms: hangMs, when: 'after' };
    case 'tornBody':
      return { ...match, kind: 'tornBody' };
    case 'html':
      return { ...match, kind: 'notJson', when: 'after' };
    case 'slow':
      return { ...match, kind: 'latency', ms: Math.max(1, Math.round(fraction * slowMs)), when: 'before' };
  }
}
