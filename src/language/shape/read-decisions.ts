import type { DecisionRules } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry } from '../yaml/tree.ts';
import { openMap } from './fields.ts';
import { readRule } from './read-rules.ts';
import { DECISIONS } from './vocabulary.ts';

/** Reads who takes which decision on a failed step. */
export function readDecisions(
  entry: Entry | undefined,
  report: Reporter,
): Partial<DecisionRules> | undefined {
  const fields = entry && openMap(entry.value, DECISIONS, report);
  if (fields === undefined) return undefined;
  const rules = DECISIONS.keys.flatMap((decision) => {
    const value = fields.get(decision)?.value;
    const rule = value && readRule(value, report);
    return rule === undefined ? [] : [[decision, rule] as const];
  });
  return Object.fromEntries(rules);
}
