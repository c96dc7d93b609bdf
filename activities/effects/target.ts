import { isActionName, specOf } from '../../src/catalog/index.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import type { Deps } from '../deps.ts';
import { StepError } from '../step-error.ts';
import { replicasTarget } from '../vbr/replica-driver.ts';
import { findReplicas } from '../vbr/replicas.ts';
import { findPlan } from '../vro/plan-view.ts';

/**
 * What a command acts on, as its driver will name it, with names resolved to ids: the same thing by another name is the
 * same thing.
 *
 * @throws StepError `vro.planNotFound`, `vbr.replicaNotFound`, or what the server says
 */
export async function targetOf(
  deps: Deps,
  { action, connection, with: given }: { action: string; connection: string; with: JsonObject },
): Promise<string> {
  const { kind, input } = isActionName(action) ? (specOf(action).target ?? {}) : {};
  const value = input === undefined ? undefined : given[input];
  switch (kind) {
    case 'plan': {
      const vro = deps.vro(connection);
      return `${vro.name}/plan/${(await findPlan(vro, textOf(value) ?? '')).id}`;
    }
    case 'replica': {
      const vbr = deps.vbr(connection);
      const names = Array.isArray(value) ? value.map(String) : [];
      return replicasTarget(vbr, await findReplicas(vbr, names));
    }
    case 'session':
    case 'recoveryToken':
      return `${connection}/${kind}/${textOf(value) ?? ''}`;
    case 'alarm':
    case undefined:
      throw new StepError('step.internal', `${action} has no target that an approval could cover`);
  }
}
