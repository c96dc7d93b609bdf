import { specOf, type InputOf, type NamesWithEffect, type PlanPosition } from '../../src/catalog/index.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import type { Accepted, ActionBodies, CommandOptions, VroClient } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VroConnection } from '../deps.ts';
import type { CommandDriver, Observed, Sighting } from '../effects/driver.ts';
import { StepError } from '../step-error.ts';
import { assertTaken } from './taken.ts';
import { baselineOf, findPlan, hasMoved, isForeignWork, viewPlan, type PlanView } from './plan-view.ts';

/** The commands on a plan that show in its state; schedules and clones have drivers of their own. */
export type PlanCommand = Exclude<
  Extract<NamesWithEffect<'command'>, `vro.${string}`>,
  'vro.schedulePlan' | 'vro.unschedulePlan' | 'vro.clonePlan'
>;

type Send<Name extends PlanCommand> = (
  client: VroClient,
  planId: string,
  input: InputOf<Name>,
  options: CommandOptions,
) => Promise<Accepted>;

/** Which request each command is. */
const SEND: { readonly [Name in PlanCommand]: Send<Name> } = {
  'vro.enable': (client, id, _input, options) => client.enable(id, options),
  'vro.disable': (client, id, _input, options) => client.disable(id, options),
  'vro.readinessCheck': (client, id, { report }, options) =>
    client.readinessCheck(id, { generateReport: report }, options),
  'vro.failover': (client, id, { restorePoint, chainedPlans, protectStorageVolumes }, options) =>
    client.failover(
      id,
      {
        executeChainedPlans: chainedPlans,
        restorePointDate: dateOf(restorePoint),
        protectStorageVolumes,
      },
      options,
    ),
  'vro.restore': (client, id, input, options) => client.restore(id, restoreBody(input), options),
  'vro.halt': (client, id, { fullStop }, options) => client.halt(id, { fullStop }, options),
  'vro.continue': (client, id, { option }, options) =>
    client.continuePlan(id, { executionContinueOptions: option }, options),
  'vro.undo': (client, id, _input, options) => client.undo(id, options),
  'vro.failback': (client, id, input, options) =>
    client.failbackToProduction(id, failbackBody(input), options),
  'vro.prepareFailback': (client, id, input, options) =>
    client.prepareToFailback(id, { ...failbackBody(input), quickRollback: input.quickRollback }, options),
  'vro.switchover': (client, id, _input, options) => client.switchoverToProduction(id, options),
  'vro.permanentFailover': (client, id, _input, options) => client.permanentFailover(id, options),
  'vro.commitFailback': (client, id, _input, options) => client.commitFailback(id, options),
  'vro.reset': (client, id, { readinessCheck }, options) =>
    client.resetState(id, { executeReadinessCheck: readinessCheck }, options),
};

/** As VRO takes it: in UTC, or null for the latest. */
function dateOf(restorePoint: string): string | null {
  return restorePoint === 'latest' ? null : new Date(restorePoint).toISOString();
}

function failbackBody({ location, restoreVmTags }: InputOf<'vro.failback'>) {
  return {
    failbackRestoreVMTags: restoreVmTags,
    ...(location === undefined ? {} : { restoreLocationId: location }),
  };
}

function restoreBody(input: InputOf<'vro.restore'>): ActionBodies['restore'] {
  const { location, restorePoint, chainedPlans, virusScan, yaraScan, yaraRule, scanPoints, onMalware } =
    input;
  return {
    executeChainedPlans: chainedPlans,
    restorepointDate: dateOf(restorePoint),
    ...(location === undefined ? {} : { restoreLocationId: location }),
    virusScan,
    yaraScan,
    ...(yaraRule === undefined ? {} : { yaraRuleId: yaraRule }),
    ...(scanPoints === undefined ? {} : { restorePointsCountForRansomwareScan: scanPoints }),
    ...(onMalware === undefined ? {} : { ransomwareAction: onMalware }),
  };
}

/** How commands act on a plan of VRO. */
export function planDriver(connection: VroConnection, name: PlanCommand, input: CommandInput): CommandDriver {
  const parsed = specOf(name).input.parse(input.with);
  const planOf = async (): Promise<PlanView> => {
    const { id } = await findPlan(connection, textOf(input.with['plan']) ?? '');
    return viewPlan(connection, id);
  };
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => observe(connection.name, name, input, await planOf()),
    send: async ({ target }, beforeSend) => {
      const id = target.slice(target.lastIndexOf('/') + 1);
      // The compiler cannot see that the schema and the request belong to the same name.
      const send = SEND[name] as Send<PlanCommand>;
      assertTaken(
        connection.name,
        await send(connection.client, id, parsed as InputOf<PlanCommand>, { beforeSend }),
      );
      return undefined;
    },
    look: async (baseline) => sighting(name, baseline, await planOf()),
  };
}

function observe(connection: string, name: PlanCommand, input: CommandInput, view: PlanView): Observed {
  const found = {
    target: `${connection}/plan/${view.id}`,
    targetName: view.name,
    baseline: baselineOf(view),
    stateClass: view.position,
  };
  const output = { plan: { id: view.id, name: view.name }, stateName: view.stateName };
  if (goalHolds(name, input, view)) {
    return {
      ...found,
      satisfied: { note: `nothing to do: ${view.name} is in "${view.stateName}", ${view.mode}`, output },
    };
  }
  const why = whyIllegal(name, view);
  if (why === undefined) return found;
  return {
    ...found,
    illegal: new StepError(
      'vro.illegalState',
      `${name} is not legal now: ${view.name} is in "${view.stateName}" and ${view.mode}; ${why}. Nothing was sent.`,
      { details: { stateName: view.stateName, position: view.position, mode: view.mode } },
    ),
  };
}

/** Whether what the command is for is already so: then sending it would do harm, or fail. */
function goalHolds(name: PlanCommand, { run }: CommandInput, { position, mode }: PlanView): boolean {
  switch (name) {
    case 'vro.enable':
      return mode === 'Enabled' && position === 'default';
    case 'vro.disable':
      return mode === 'Disabled' && position === 'default';
    case 'vro.undo':
      return position === 'default' || position === 'undone';
    case 'vro.reset':
      return position === 'default';
    case 'vro.halt':
      return position === 'halted';
    case 'vro.failover':
    case 'vro.restore':
    case 'vro.failback':
    case 'vro.prepareFailback':
    case 'vro.switchover':
    case 'vro.commitFailback':
    case 'vro.permanentFailover':
      // In a drill a plan that is already there was put there by somebody else: its cleanup would undo their work.
      return run.mode === 'live' && (specOf(name).leadsTo?.includes(position) ?? false);
    case 'vro.readinessCheck':
    case 'vro.continue':
      return false;
  }
}

function whyIllegal(name: PlanCommand, { position, mode }: PlanView): string | undefined {
  const { legal } = specOf(name);
  if (legal === undefined) return undefined;
  const states: readonly PlanPosition[] = legal.states;
  if (!states.includes(position)) return `it must be in: ${states.join(', ')}`;
  return legal.enabled === true && mode === 'Disabled' ? 'it must be enabled' : undefined;
}

function sighting(name: PlanCommand, baseline: JsonObject, view: PlanView): Sighting {
  if (name === 'vro.enable' || name === 'vro.disable') {
    const goal = name === 'vro.enable' ? 'Enabled' : 'Disabled';
    return view.mode === goal ? { saw: 'happened' } : { saw: 'nothing' };
  }
  if (!hasMoved(baseline, view)) return { saw: 'nothing' };
  if (name !== 'vro.readinessCheck' && isForeignWork(view)) {
    return { saw: 'strange', what: `${view.name} is in "${view.stateName}", which ${name} does not lead to` };
  }
  return { saw: 'happened' };
}
