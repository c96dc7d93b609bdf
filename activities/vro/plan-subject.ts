import type { PlanClass, PlanSubject } from '../../src/model/vote.ts';
import type { Deps, VroConnection } from '../deps.ts';
import { digestOf } from '../digest.ts';
import { isForeignWork, viewPlan, type PlanView } from './plan-view.ts';

/**
 * Machines that are named one by one. What a run carries of its gates has to stay small; of a larger plan it carries how many
 * there are, and a digest of them all.
 */
const MAX_NAMED = 40;

/** What the plan of a target consists of and how it stands; undefined when the target is no plan. */
export async function planSubject(deps: Deps, target: string): Promise<PlanSubject | undefined> {
  const [connection, kind, id] = target.split('/');
  if (kind !== 'plan' || id === undefined) return undefined;
  const vro = deps.vro(connection);
  const [view, vms] = await Promise.all([viewPlan(vro, id), machinesOf(vro, id)]);
  return { vms, position: classOf(view) };
}

/**
 * The class of where a plan stands. What VRO does with a plan by itself, such as its nightly readiness check, is none: a
 * plan at rest is checked. Where it is not known how a plan stands, it is not at rest.
 */
export function classOf(view: Pick<PlanView, 'position' | 'stateName'>): PlanClass {
  if (view.position === 'default' || isForeignWork(view)) return 'default';
  return view.position === 'halted' ? 'halted' : 'in-use';
}

/** The ids of a plan's machines, sorted; one that is in two groups once. */
async function machinesOf({ client }: VroConnection, planId: string): Promise<string[]> {
  const { data: groups } = await client.planContents.groups(planId);
  const pages = await Promise.all(groups.map(({ id }) => client.planContents.groupVms(planId, id)));
  const ids = new Set(pages.flatMap(({ data }) => data.map(({ id }) => id)));
  const sorted = [...ids].sort();
  return sorted.length <= MAX_NAMED ? sorted : [`${sorted.length} machines, SHA-256 ${digestOf(sorted)}`];
}
