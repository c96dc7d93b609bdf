import { stableId } from '../ids.ts';
import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { VroSpec } from '../scenario/vro-spec.ts';
import type { PlanNow, Situation } from '../world/situation.ts';
import { describeStable, describeState, lastStableNameOf } from '../world/states.ts';
import type { Item } from './expressions.ts';
import { resultNameOf } from './result-name.ts';

/** The versions of the API that one server of the 7.2.1 release answers. */
export const VERSIONS = ['v7.1', 'v7.2', 'v7.21'] as const;
export type Version = (typeof VERSIONS)[number];

const SERVER_ID = stableId('server/vro');
const REPORT_TEMPLATE_ID = stableId('report template/default');

/** Where a plan recovers to: its own location, or the one its last restore went to. */
export function locationOf(
  { spec, situation }: PlanNow,
  { recoveryLocations, recoveryLocation }: VroSpec,
): VroSpec['recoveryLocation'] {
  const id = situation.restoredTo ?? spec.recoveryLocationId;
  return recoveryLocations.find((location) => location.id === id) ?? recoveryLocation;
}

export function scopeOf({ scopeId }: PlanSpec, { scopes, scope }: VroSpec): VroSpec['scope'] {
  return scopes.find((one) => one.id === scopeId) ?? scope;
}

/** A plan as `GET /Plans` shows it. It knows nothing of progress: that is in RuntimeDetails. */
export function planInfo(
  plan: PlanNow,
  { vro, version, nameOf }: { vro: VroSpec; version: Version; nameOf: (planId: string) => string },
): Item {
  const { spec, situation } = plan;
  const { state, stateName } = describeState(situation);
  const location = locationOf(plan, vro);
  const previous = situation.past.at(-1);
  return {
    id: spec.id,
    name: spec.name,
    description: spec.description,
    planType: spec.planType,
    planMode: situation.mode,
    planVerificationState: situation.verification,
    contactName: spec.contactName,
    contactEmail: spec.contactEmail,
    contactTel: spec.contactTel,
    targetRPO: spec.targetRPO,
    targetRTO: spec.targetRTO,
    recoveryLocationId: location.id,
    recoveryLocationName: location.name,
    recoveryLocationType: location.type,
    recoveryLocationDescription: location.description,
    storageRecoveryLocations: [],
    serverId: SERVER_ID,
    siteScopeId: spec.scopeId,
    siteScopeName: scopeOf(spec, vro).name,
    state,
    stateName,
    resultName: resultNameOf(plan),
    lastStableState: describeStable(situation).state,
    lastStableStateName: lastStableNameOf(situation),
    previousExecutionState:
      previous === undefined ? 'NotStarted' : previous.end.kind === 'completed' ? 'Completed' : 'Halted',
    currentRunResult: situation.runResult,
    currentTestResult: situation.testResult,
    currentCheckResult: situation.checkResult,
    lastCheckResult: situation.checkResult,
    reportTemplateId: REPORT_TEMPLATE_ID,
    containsAgentGroups: false,
    // Came with v7.2, together with Hyper-V.
    ...(version === 'v7.1' ? {} : { groupsType: 'VSphere' }),
    schedule: scheduleInfo(situation, nameOf),
  };
}

function scheduleInfo({ schedule }: Situation, nameOf: (planId: string) => string): Item {
  const isAfter = schedule?.kind === 'after';
  return {
    scheduleEnabled: schedule !== undefined,
    scheduleType: isAfter ? 'AfterPlan' : 'OnTime',
    scheduleTime: schedule?.kind === 'at' ? new Date(schedule.at).toISOString() : null,
    scheduleAfter: isAfter ? schedule.planId : null,
    scheduleAfterPlanName: isAfter ? nameOf(schedule.planId) : null,
    virusScan: schedule?.scan ?? false,
  };
}
