import { MAX_LISTED, shortName, type ReadsOf } from '../read.ts';
import { readExecution } from './execution.ts';
import { findPlan, viewPlan } from './plan-view.ts';
import { readPlanVms } from './plan-vms.ts';
import { summaryOf } from './plan-summary.ts';

/** A page of plan summaries stays far below the limit of a result. */
const MAX_PLANS = 100;

/** What can be asked of VRO. */
export const VRO_READS: ReadsOf<'vro'> = {
  'vro.plan': async (deps, { plan }, { connection, signal }) => {
    const vro = deps.vro(connection);
    const view = await viewPlan(vro, (await findPlan(vro, plan, signal)).id, signal);
    const { id, name, planType, state, stateName, mode, verification } = view;
    return { id, name, planType, state, stateName, mode, verification, lastResult: view.runResult };
  },
  'vro.plans': async (deps, { nameContains, planType, onlyEnabled }, { connection, signal }) => {
    const { client } = deps.vro(connection);
    const filter = [
      ...(nameContains === undefined
        ? []
        : [{ property: 'name', operator: 'like', value: nameContains } as const]),
      ...(planType === undefined ? [] : [{ property: 'planType', operator: '==', value: planType } as const]),
    ];
    const page = await client.plans(
      {
        limit: MAX_PLANS,
        onlyEnabled,
        sort: [{ property: 'name', direction: 'ASC' }],
        ...(filter.length === 0 ? {} : { filter }),
      },
      { signal },
    );
    // Not every server keeps to a limit.
    const plans = page.data.slice(0, MAX_PLANS).map(summaryOf);
    return { plans, total: page.total, more: Math.max(0, page.total - plans.length) };
  },
  'vro.planVms': async (deps, input, { connection, signal }) =>
    readPlanVms(deps.vro(connection), input, signal),
  'vro.runtimeDetails': async (deps, { plan }, { connection, signal }) => {
    const vro = deps.vro(connection);
    return readExecution(vro, (await findPlan(vro, plan, signal)).id, signal);
  },
  'vro.recoveryLocations': async (deps, { type }, { connection, signal }) => {
    const { data, total } = await deps.vro(connection).client.recoveryLocations.list({ signal });
    const wanted = data.filter((one) => type === undefined || one.type === type);
    const locations = wanted.slice(0, MAX_LISTED).map((one) => ({
      id: one.id,
      name: shortName(one.name ?? ''),
      type: one.type ?? 'Unknown',
      availability: one.availability ?? 'Unknown',
    }));
    const all = type === undefined ? total : wanted.length;
    return { locations, total: all, more: all - locations.length };
  },
  'vro.licenseUsage': async (deps, _input, { connection, signal }) => {
    const { managedInstances, newInstances } = await deps
      .vro(connection)
      .client.licenseUsage.server({ signal });
    return { managedInstances: managedInstances ?? 0, newInstances: newInstances ?? 0 };
  },
};
