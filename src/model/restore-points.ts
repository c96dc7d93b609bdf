import type { GateFacts } from './gate-facts.ts';
import { isJsonObject, textOf, type Json, type JsonObject } from './json.ts';
import { parseMoment } from './moment.ts';
import type { StepRecord } from './run.ts';
import type { CoveredStep } from './vote.ts';

const MINUTE_MS = 60_000;

/** The actions that bring machines up from a restore point: of these the age of the point is the loss of data. */
const RESTORING = ['vro.failover', 'vro.restore', 'vbr.failover'];

/** A restore point that a run has used, or the newest one that was known when it did. Times are milliseconds since 1970. */
export interface RestorePoint {
  /** Absent: the oldest among several machines. */
  readonly machine?: string;
  readonly madeAt: number;
  /** `named`: people named this very point. `newest`: the newest was asked for, and this is what was known of it. */
  readonly how: 'named' | 'newest';
  readonly knownFrom: 'vro' | 'vbr' | 'one';
  /** The step that tells of it. */
  readonly path: string;
  /** The steps that used it, as far as it is known. */
  readonly usedBy: readonly string[];
}

/** What was known when a gate opened, by the path of its step. */
export interface FactsAtGate {
  readonly path: string;
  readonly facts: GateFacts;
}

/**
 * The restore points of a run, of each machine one: a point that was named, else the newest that was known before machines
 * were brought up from it.
 */
export function restorePointsOf(
  steps: readonly StepRecord[],
  gates: readonly FactsAtGate[] = [],
): RestorePoint[] {
  const restored = steps.filter(({ uses, startedAt }) => isRestoring(uses) && startedAt !== undefined);
  const until = Math.min(...restored.map(({ startedAt = Infinity }) => startedAt));
  const found = [
    ...steps.flatMap((step) => namedAt(step, restored)),
    ...gates.flatMap(({ path, facts }) => knownAtGate(path, facts, steps, restored)),
    ...steps.flatMap((step) => ((step.endedAt ?? Infinity) <= until ? readBy(step) : [])),
  ];
  const byMachine = new Map<string, RestorePoint>();
  for (const point of found) {
    const key = (point.machine ?? '').toLowerCase();
    const known = byMachine.get(key);
    if (known === undefined || isBetter(point, known)) byMachine.set(key, point);
  }
  const points = [...byMachine.values()];
  const single = points.filter(({ machine }) => machine !== undefined);
  // What is known of machines by their names says more than the oldest of all that somebody protects.
  return (single.length > 0 ? single : points).sort((a, b) => a.madeAt - b.madeAt);
}

function isRestoring(action: string | undefined): boolean {
  return action !== undefined && RESTORING.includes(action);
}

function isBetter(point: RestorePoint, known: RestorePoint): boolean {
  if (point.how !== known.how) return point.how === 'named';
  return point.madeAt > known.madeAt;
}

/** Points that the approved input of a command names. */
function namedAt({ path, gate }: StepRecord, restored: readonly StepRecord[]): RestorePoint[] {
  return (gate?.covered ?? []).flatMap((covered): RestorePoint[] => {
    const madeAt = namedPoint(covered);
    if (madeAt === undefined || !restored.some((step) => step.path === covered.path)) return [];
    const knownFrom = covered.action.startsWith('vbr.') ? 'vbr' : 'vro';
    const point = { madeAt, how: 'named', knownFrom, path, usedBy: [covered.path] } as const;
    const machines = textsOf(covered.with['replicas']);
    return machines.length === 0 ? [point] : machines.map((machine) => ({ machine, ...point }));
  });
}

function namedPoint({ action, with: given }: CoveredStep): number | undefined {
  const text = isRestoring(action) ? textOf(given['restorePoint']) : undefined;
  return text === undefined ? undefined : parseMoment(text);
}

function knownAtGate(
  path: string,
  { machines }: GateFacts,
  steps: readonly StepRecord[],
  restored: readonly StepRecord[],
): RestorePoint[] {
  const covered = steps.find((step) => step.path === path)?.gate?.covered ?? [];
  const usedBy = covered
    .filter((step) => isRestoring(step.action) && namedPoint(step) === undefined)
    .map((step) => step.path)
    .filter((used) => restored.some((step) => step.path === used));
  if (usedBy.length === 0) return [];
  return machines.flatMap(({ name, newestPoint }): RestorePoint[] =>
    newestPoint === undefined
      ? []
      : [{ machine: name, madeAt: newestPoint, how: 'newest', knownFrom: 'one', path, usedBy }],
  );
}

/** What a step has read of restore points. */
function readBy({ path, uses, endedAt, output, failure }: StepRecord): RestorePoint[] {
  const said = output ?? failure?.details;
  if (said === undefined || endedAt === undefined) return [];
  const base = { how: 'newest', path, usedBy: [] } as const;
  if (uses === 'one.checkRpo') {
    const oldest = said['oldestMinutes'];
    const missed = objectsOf(said['failed']).flatMap(({ vm, newest }): RestorePoint[] => {
      const madeAt = parseMoment(textOf(newest) ?? '');
      return madeAt === undefined ? [] : [{ ...base, machine: textOf(vm) ?? '', madeAt, knownFrom: 'one' }];
    });
    if (missed.length > 0 || typeof oldest !== 'number') return missed;
    return [{ ...base, madeAt: endedAt - oldest * MINUTE_MS, knownFrom: 'one' }];
  }
  if (uses !== 'vbr.replicaPoints') return [];
  const { replica } = said;
  const machine = isJsonObject(replica) ? textOf(replica['name']) : undefined;
  const [newest] = objectsOf(said['points']);
  const madeAt = parseMoment(textOf(newest?.['created']) ?? '');
  if (machine === undefined || madeAt === undefined) return [];
  return [{ ...base, machine, madeAt, knownFrom: 'vbr' }];
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [];
}
