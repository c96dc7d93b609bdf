import { specOf, type InputOf } from '../../src/catalog/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { RecoveryPlan } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VroConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';
import { findPlan } from './plan-view.ts';
import { assertTaken } from './taken.ts';

/**
 * How a plan is copied. A plan of the wanted name is the goal reached; after an unclear answer it is ours when it was not
 * there before.
 */
export function cloneDriver(connection: VroConnection, input: CommandInput): CommandDriver {
  const { plan, name, description } = specOf('vro.clonePlan').input.parse(
    input.with,
  ) as InputOf<'vro.clonePlan'>;
  const copy = async (): Promise<RecoveryPlan | undefined> => {
    const { data } = await connection.client.plans({
      filter: [{ property: 'name', operator: '==', value: name }],
      limit: 2,
    });
    return data.find((one) => one.name === name);
  };
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const [original, existing] = await Promise.all([findPlan(connection, plan), copy()]);
      const observed = {
        target: `${connection.name}/plan/${original.id}`,
        targetName: original.name,
        baseline: { copy: existing?.id ?? null },
        stateClass: existing === undefined ? 'no copy' : 'copied',
      };
      if (existing === undefined) return observed;
      const note = `nothing to do: there is a plan named ${name} already`;
      return { ...observed, satisfied: { note, output: outputOf(existing) } };
    },
    send: async ({ target }, beforeSend) => {
      const id = target.slice(target.lastIndexOf('/') + 1);
      const answer = await connection.client.clone(id, { name, description }, { beforeSend });
      assertTaken(connection.name, answer);
      const { planId } = answer;
      const made = planId === undefined ? await copy() : await findPlan(connection, planId);
      // Accepted, and not to be seen yet: the name is all that is known of it.
      return made === undefined ? { plan: { id: '', name }, stateName: '' } : outputOf(made);
    },
    look: async () => {
      const made = await copy();
      return made === undefined ? { saw: 'nothing' } : { saw: 'happened', output: outputOf(made) };
    },
  };
}

function outputOf({ id, name, stateName }: RecoveryPlan): JsonObject {
  return { plan: { id, name }, stateName: stateName ?? '' };
}
