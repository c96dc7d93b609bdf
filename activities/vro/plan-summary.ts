import type { OutputOf } from '../../src/catalog/index.ts';
import type { RecoveryPlan } from '../../src/veeam/index.ts';
import { shortName } from '../read.ts';

/** A plan of a list, as a run may see it. */
export function summaryOf(plan: RecoveryPlan): OutputOf<'vro.plans'>['plans'][number] {
  return {
    id: plan.id,
    name: shortName(plan.name),
    planType: plan.planType ?? 'Unknown',
    stateName: shortName(plan.stateName ?? plan.state ?? 'Unknown'),
    mode: plan.planMode ?? 'Unknown',
    verification: plan.planVerificationState ?? 'Unknown',
    lastResult: plan.currentCheckResult ?? 'Undefined',
  };
}
