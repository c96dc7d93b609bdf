import { isActionName, specOf } from '../../catalog/index.ts';
import type { Scope } from '../../model/expression.ts';
import type { Mode, Step, UsesStep } from '../../model/runbook.ts';
import type { StartProblems } from './problems.ts';
import { isApproval, isUses, targetAsWritten, targetOf, touchesProduction } from './running.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface SafetyRules {
  /** Targets a drill may touch: `connection/plan/<name or id>`. */
  readonly drillAllow: readonly string[];
  /** The configuration lets this runbook run live without approvals. */
  readonly unattended: boolean;
}

/**
 * The safety rules, as far as they can be decided before the run; the fence right before each command decides again,
 * with the plan's real id. `steps` are those that run in `mode`.
 */
export function checkSafety(
  steps: readonly Step[],
  { mode, scope, rules }: { mode: Mode; scope: Scope; rules: SafetyRules },
  problems: StartProblems,
): void {
  const isCovered = coverageOf(steps, scope);
  for (const step of steps) {
    if (!touchesProduction(step)) continue;
    if (mode === 'live') {
      if (!rules.unattended && !isCovered(step)) refuseUncovered(step, problems);
    } else if (isActionName(step.uses) && specOf(step.uses).irreversible === true) {
      const message = `\`${step.uses}\` cannot be undone, so no drill may do it.`;
      problems.atStep('DRILL_IRREVERSIBLE', step.path, message, 'Give the step `modes: [live]`.');
    } else if (!isCovered(step)) {
      checkDrillTarget(targetOf(step, scope), step, rules, problems);
    }
  }
}

/** A yes covers the steps it names, and the cleanup of what they act on. */
function coverageOf(steps: readonly Step[], scope: Scope): (step: UsesStep) => boolean {
  const paths = new Set(steps.filter(isApproval).flatMap(({ covers }) => covers));
  const covered = steps.filter(isUses).filter(({ path }) => paths.has(path));
  const targets = new Set(covered.flatMap((step) => [targetOf(step, scope), targetAsWritten(step)]));
  return (step) => {
    if (paths.has(step.path)) return true;
    if (!step.path.startsWith('cleanup/')) return false;
    return [targetOf(step, scope), targetAsWritten(step)].some(
      (target) => target !== undefined && targets.has(target),
    );
  };
}

function refuseUncovered({ uses, path }: UsesStep, problems: StartProblems): void {
  const message = `\`${uses}\` touches production, and no approval of a live run covers it.`;
  problems.atStep(
    'LIVE_NOT_COVERED',
    path,
    message,
    'Put an approval before it that names it under `covers`.',
  );
}

function checkDrillTarget(
  target: string | undefined,
  { uses, path }: UsesStep,
  { drillAllow }: SafetyRules,
  problems: StartProblems,
): void {
  // What cannot be known yet is left to the fence.
  if (target === undefined || drillAllow.some((allowed) => mayBeSame(target, allowed))) return;
  const message = `\`${uses}\` would touch ${target} in a drill: it is not on the drill list, and no approval covers it.`;
  const hint = 'Let an approval cover the step, or list the target under drill.allow in muster.yaml.';
  problems.atStep('DRILL_NOT_ALLOWED', path, message, hint);
}

/** Whether two targets are the same, or may turn out to be: one by name and one by id. */
function mayBeSame(target: string, allowed: string): boolean {
  const [place, name] = split(target);
  const [allowedPlace, allowedName] = split(allowed);
  if (place !== allowedPlace) return false;
  if (UUID.test(name) !== UUID.test(allowedName)) return true;
  return UUID.test(name) ? name.toLowerCase() === allowedName.toLowerCase() : name === allowedName;
}

function split(target: string): [place: string, name: string] {
  const [connection = '', kind = '', ...name] = target.split('/');
  return [`${connection}/${kind}`, name.join('/')];
}
