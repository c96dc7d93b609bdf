import type { NamesWithEffect } from '../src/catalog/index.ts';
import type { CommandInput } from './contract.ts';
import type { Deps } from './deps.ts';
import type { CommandDriver } from './effects/driver.ts';
import { resolveDriver } from './one/resolve-driver.ts';
import type { ReplicaCommand } from './vbr/replica-commands.ts';
import { replicaDriver } from './vbr/replica-driver.ts';
import { rescanDriver } from './vbr/rescan-driver.ts';
import { stopSessionDriver } from './vbr/stop-session-driver.ts';
import { switchoverTimeDriver } from './vbr/switchover-driver.ts';
import { issueDriver, renewDriver, revokeDriver } from './vbr/token-drivers.ts';
import { cloneDriver } from './vro/clone-driver.ts';
import { planDriver, type PlanCommand } from './vro/plan-driver.ts';
import { scheduleDriver, unscheduleDriver } from './vro/schedule-driver.ts';

/** The actions of the catalog that change the world. */
export type CommandName = NamesWithEffect<'command'>;

type MakeDriver = (deps: Deps, input: CommandInput) => CommandDriver;

/** How each command acts on its target; the type makes a missing one an error. */
export const DRIVERS: { readonly [Name in CommandName]: MakeDriver } = {
  'vro.enable': onPlan('vro.enable'),
  'vro.disable': onPlan('vro.disable'),
  'vro.readinessCheck': onPlan('vro.readinessCheck'),
  'vro.failover': onPlan('vro.failover'),
  'vro.restore': onPlan('vro.restore'),
  'vro.halt': onPlan('vro.halt'),
  'vro.continue': onPlan('vro.continue'),
  'vro.undo': onPlan('vro.undo'),
  'vro.failback': onPlan('vro.failback'),
  'vro.prepareFailback': onPlan('vro.prepareFailback'),
  'vro.switchover': onPlan('vro.switchover'),
  'vro.commitFailback': onPlan('vro.commitFailback'),
  'vro.permanentFailover': onPlan('vro.permanentFailover'),
  'vro.reset': onPlan('vro.reset'),
  'vro.schedulePlan': (deps, input) => scheduleDriver(deps.vro(input.connection), input),
  'vro.unschedulePlan': (deps, input) => unscheduleDriver(deps.vro(input.connection), input),
  'vro.clonePlan': (deps, input) => cloneDriver(deps.vro(input.connection), input),
  'vbr.failover': onReplicas('vbr.failover'),
  'vbr.plannedFailover': onReplicas('vbr.plannedFailover'),
  'vbr.permanentFailover': onReplicas('vbr.permanentFailover'),
  'vbr.undoFailover': onReplicas('vbr.undoFailover'),
  'vbr.failback': onReplicas('vbr.failback'),
  'vbr.switchToProduction': onReplicas('vbr.switchToProduction'),
  'vbr.commitFailback': onReplicas('vbr.commitFailback'),
  'vbr.undoFailback': onReplicas('vbr.undoFailback'),
  'vbr.changeSwitchoverTime': (deps, input) => switchoverTimeDriver(deps.vbr(input.connection), input),
  'vbr.rescanReplicas': (deps, input) => rescanDriver(deps.vbr(input.connection), input),
  'vbr.stopSession': (deps, input) => stopSessionDriver(deps.vbr(input.connection), input),
  'vbr.issueRecoveryToken': (deps, input) => issueDriver(deps, deps.vbr(input.connection), input),
  'vbr.renewRecoveryToken': (deps, input) => renewDriver(deps, deps.vbr(input.connection), input),
  'vbr.revokeRecoveryToken': (deps, input) => revokeDriver(deps, deps.vbr(input.connection), input),
  'one.resolveAlarms': (deps, input) => resolveDriver(deps.one(input.connection), input),
};

function onPlan(name: PlanCommand): MakeDriver {
  return (deps, input) => planDriver(deps.vro(input.connection), name, input);
}

function onReplicas(name: ReplicaCommand): MakeDriver {
  return (deps, input) => replicaDriver(deps.vbr(input.connection), name, input);
}
