import type { Gate, GateMoment, StepRecord } from './run.ts';
import type { Escalation } from './runbook.ts';

/** Which part of the time of a gate is over when people are reminded. */
const REMIND_AFTER = 3 / 4;

/** What happens at a gate next if nobody answers. */
export type NextMoment = GateMoment | { readonly at: number; readonly event: 'timeout'; readonly to?: never };

/** When people are told again that a gate waits, in the order of time. */
export function momentsOf(
  { escalate = [], timeoutMs }: { readonly escalate?: readonly Escalation[]; readonly timeoutMs?: number },
  openedAt: number,
): GateMoment[] {
  const moments: GateMoment[] = escalate.map(({ afterMs, to }) => ({
    at: openedAt + afterMs,
    event: 'escalated',
    to,
  }));
  if (timeoutMs !== undefined) {
    moments.push({ at: openedAt + Math.round(timeoutMs * REMIND_AFTER), event: 'reminder' });
  }
  return moments.sort((a, b) => a.at - b.at);
}

/** What is due next: telling people again, or the end of the gate's time. */
export function nextMoment({ dueAt }: StepRecord, gate: Gate): NextMoment | undefined {
  const moment = gate.moments?.[gate.told ?? 0];
  const timeout = dueAt === undefined || gate.overdue === true ? undefined : dueAt;
  if (timeout === undefined || (moment !== undefined && moment.at <= timeout)) return moment;
  return { at: timeout, event: 'timeout' };
}
