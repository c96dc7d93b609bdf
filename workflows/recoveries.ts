import { lengthWithin } from '../src/model/interval.ts';
import type { Interval, Recovery } from '../src/model/run.ts';
import { walkSteps } from '../src/model/runbook.ts';
import type { RunState } from './run-state.ts';

/** How long the applications that steps mark were away, as far as it is known, in the order of the runbook. */
export function recoveriesOf(
  state: Pick<RunState, 'runbook' | 'records' | 'loops' | 'startedAt' | 'declaredAt'>,
): Recovery[] {
  const { runbook, records, loops, startedAt, declaredAt } = state;
  if (![...walkSteps(runbook.steps)].some(({ marks }) => marks !== undefined)) return [];
  const lost = new Map<string, number>();
  const recovered = new Map<string, number | undefined>();
  const waits: Interval[] = [];
  for (const { path, marks } of loops.walk(runbook.steps)) {
    const record = records.get(path);
    waits.push(...(record?.waits ?? []));
    for (const name of marks?.lost ?? []) {
      const at = record?.startedAt;
      if (at !== undefined) lost.set(name, Math.min(at, lost.get(name) ?? at));
    }
    for (const name of marks?.recovered ?? []) {
      const { endedAt, outcome } = record ?? {};
      const isBack = outcome === 'succeeded' || outcome === 'warned';
      // It is back when the last of the steps says so that speak of it.
      const at = isBack && endedAt !== undefined ? endedAt : undefined;
      const before = recovered.has(name) ? recovered.get(name) : 0;
      const isLeftOut = outcome === 'skipped';
      if (!isLeftOut) {
        recovered.set(name, at === undefined || before === undefined ? undefined : Math.max(at, before));
      }
    }
  }
  const names = new Set([...lost.keys(), ...recovered.keys()]);
  return [...names].map((application) => {
    const lostAt = declaredAt ?? lost.get(application) ?? startedAt;
    const recoveredAt = recovered.get(application);
    return {
      application,
      lostAt,
      ...(recoveredAt === undefined ? {} : { recoveredAt }),
      waitedForPeopleMs: lengthWithin(waits, { from: lostAt, to: recoveredAt ?? Infinity }),
    };
  });
}

/** More gates than this one after the other are told as one wait. */
const MAX_WAITS = 100;

/** When people were waited for in a run, as intervals that do not touch. */
export function waitsOf({ records }: Pick<RunState, 'records'>): Interval[] {
  const all = [...records.values()].flatMap(({ waits = [] }) => waits).sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of all) {
    const last = merged.at(-1);
    if (last !== undefined && (from <= last.to || merged.length === MAX_WAITS)) {
      last.to = Math.max(last.to, to);
    } else merged.push({ from, to });
  }
  return merged;
}
