import { lengthWithin } from './interval.ts';
import { isJsonObject, textOf, type Json, type JsonObject } from './json.ts';
import { parseMoment } from './moment.ts';
import type { StepRecord } from './run.ts';

/** How long one step took. Durations are milliseconds. */
export interface StepTime {
  readonly path: string;
  readonly title: string;
  readonly tookMs: number;
  /** Of that, people were waited for. */
  readonly waitedForPeopleMs: number;
}

/** How long something took that a server did, by that server's clock. */
export interface ServerTime {
  readonly path: string;
  readonly name: string;
  readonly tookMs: number;
}

/** How long people took to answer. Times are milliseconds since 1970. */
export interface AnswerTime {
  readonly path: string;
  readonly person: string;
  readonly for?: string;
  readonly decision: string;
  readonly at: number;
  readonly afterMs: number;
}

/** Where the time of a run went. */
export interface SpentTime {
  readonly totalMs: number;
  readonly waitedForPeopleMs: number;
  /** What does something itself. */
  readonly steps: readonly StepTime[];
  /** Blocks, branches, loops and runbooks of the runbook. */
  readonly blocks: readonly StepTime[];
  /** Groups of plans. */
  readonly groups: readonly ServerTime[];
  readonly machines: readonly ServerTime[];
  readonly answers: readonly AnswerTime[];
}

/** Whether a step does something itself; blocks, branches and loops only hold others. */
export function isLeafStep({ kind }: Pick<StepRecord, 'kind'>): boolean {
  return kind !== 'steps' && kind !== 'parallel' && kind !== 'forEach' && kind !== 'runbook';
}

/** Where the time of a run went, until `now` if it is not over. */
export function spentTimeOf({
  startedAt,
  endedAt,
  steps,
}: {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly steps: readonly StepRecord[];
}): SpentTime {
  const timed = steps.flatMap((step) => timeOf(step));
  const isLeaf = new Set(steps.filter(isLeafStep).map(({ path }) => path));
  const waits = steps.flatMap((step) => step.waits ?? []);
  return {
    totalMs: Math.max(0, endedAt - startedAt),
    waitedForPeopleMs: lengthWithin(waits, { from: startedAt, to: endedAt }),
    steps: timed.filter(({ path }) => isLeaf.has(path)),
    blocks: timed.filter(({ path }) => !isLeaf.has(path)),
    groups: steps.flatMap((step) => serverTimes(step, 'groups', 'name')),
    machines: steps.flatMap((step) => [
      ...serverTimes(step, 'vms', 'vm'),
      ...serverTimes(step, 'sessions', 'replica'),
    ]),
    answers: steps.flatMap(answerTimes),
  };
}

function timeOf({
  path,
  title,
  startedAt,
  endedAt,
  outcome,
  gate,
  decisions,
  waits = [],
  takenOver,
}: StepRecord): StepTime[] {
  // What was taken over took its time in another run; what was found to be skipped took none.
  if (startedAt === undefined || endedAt === undefined || takenOver === true) return [];
  if (outcome === 'skipped' && gate === undefined && decisions === undefined) return [];
  const waitedForPeopleMs = lengthWithin(waits, { from: startedAt, to: endedAt });
  return [{ path, title, tookMs: Math.max(0, endedAt - startedAt), waitedForPeopleMs }];
}

/** Lists in an output whose items tell when they began and ended. */
function serverTimes({ path, output }: StepRecord, list: string, name: string): ServerTime[] {
  return itemsOf(output?.[list]).flatMap((item) => {
    const from = parseMoment(textOf(item['startedAt']) ?? '');
    const to = parseMoment(textOf(item['finishedAt']) ?? '');
    const called = textOf(item[name]);
    if (from === undefined || to === undefined || called === undefined) return [];
    return [{ path, name: called, tookMs: Math.max(0, to - from) }];
  });
}

function itemsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

/** A vote has the second in which it was given, a gate the millisecond in which it opened. */
function answerTimes({ path, gate, decisions = [] }: StepRecord): AnswerTime[] {
  if (gate === undefined) return [];
  const { openedAt, votes } = gate;
  const voted = votes.map(({ person, for: delegator, decision, iat }): AnswerTime => {
    const at = Math.max(openedAt, iat * 1_000);
    const who = delegator === undefined ? { person } : { person, for: delegator };
    return { path, ...who, decision, at, afterMs: at - openedAt };
  });
  const known = new Set(voted.map(({ person, decision }) => `${person} ${decision}`));
  const decided = decisions
    .filter(({ person, decision, at }) => at >= openedAt && !known.has(`${person} ${decision}`))
    .map(({ person, decision, at }) => ({ path, person, decision, at, afterMs: at - openedAt }));
  return [...voted, ...decided];
}
