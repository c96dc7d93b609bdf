import type { Clock } from '../clock.ts';
import type { ScenarioSpec } from '../scenario.ts';
import type { AlarmStatus } from './alarms.ts';
import { isOpen } from './alarms.ts';
import type { Plans } from './plans.ts';
import { createPlans } from './plans.ts';
import type { Protection } from './protection.ts';
import { createProtection } from './protection.ts';
import type { RecoveryTokens } from './recovery-tokens.ts';
import { createRecoveryTokens } from './recovery-tokens.ts';
import type { ReplicaState } from './replica-moves.ts';
import { describeState } from './states.ts';

export type { PlanNow } from './plans.ts';

/** What the world looks like, for people and tests. Holds no secret. */
export interface WorldReport {
  readonly scenario: string;
  /** Simulated time, ISO 8601. */
  readonly now: string;
  readonly plans: readonly Readonly<{
    id: string;
    name: string;
    planType: string;
    mode: string;
    state: string;
    stateName: string;
  }>[];
  readonly agentBackups: readonly Readonly<{ id: string; name: string; computer: string }>[];
  /** How many VMs there are, and how many replicas; of these the ones that are not `Ready`, by state. */
  readonly vms: number;
  readonly replicas: Readonly<{
    total: number;
    notReady: Readonly<Partial<Record<ReplicaState, number>>>;
  }>;
  /** What VBR has done so far, and what it is doing. */
  readonly sessions: Readonly<{ total: number; running: number }>;
  /** Alarms that want something, by status. */
  readonly openAlarms: Readonly<Partial<Record<AlarmStatus, number>>>;
  readonly recoveryTokens: readonly Readonly<{
    id: string;
    name: string;
    expirationDate: string;
    backupIds: readonly string[];
  }>[];
}

/** The one world behind all simulated servers. */
export interface World extends Plans {
  readonly scenario: ScenarioSpec;
  /** The VMs, and what protects them; another one after a reset. */
  readonly protection: Protection;
  readonly recoveryTokens: RecoveryTokens;
  report(): WorldReport;
}

export function createWorld({ scenario, clock }: { scenario: ScenarioSpec; clock: Clock }): World {
  const plans = createPlans({ specs: scenario.vro.plans, clock });
  let protection = createProtection({ scenario, plans, clock });
  let generation = 0;
  let recoveryTokens = createRecoveryTokens(scenario.vbr.agentBackups);

  return {
    ...plans,
    scenario,
    reset: () => {
      plans.reset();
      generation += 1;
      protection = createProtection({ scenario, plans, clock, generation });
      recoveryTokens = createRecoveryTokens(scenario.vbr.agentBackups);
    },
    get protection() {
      return protection;
    },
    get recoveryTokens() {
      return recoveryTokens;
    },
    report: () => ({
      scenario: scenario.name,
      now: new Date(clock.now()).toISOString(),
      plans: plans.plans().map(({ spec, situation }) => {
        const { state, stateName } = describeState(situation);
        return {
          id: spec.id,
          name: spec.name,
          planType: spec.planType,
          mode: situation.mode,
          state,
          stateName,
        };
      }),
      agentBackups: scenario.vbr.agentBackups.map(({ id, name, computer }) => ({ id, name, computer })),
      vms: protection.inventory.vms.length,
      replicas: protection.replicas.counts(),
      sessions: protection.sessions.counts(),
      openAlarms: openAlarms(protection),
      recoveryTokens: recoveryTokens
        .list()
        .map(({ id, name, expirationDate, backupIds }) => ({ id, name, expirationDate, backupIds })),
    }),
  };
}

function openAlarms({ alarms }: Protection): WorldReport['openAlarms'] {
  const counts: Partial<Record<AlarmStatus, number>> = {};
  for (const alarm of alarms.list()) {
    if (isOpen(alarm)) counts[alarm.status] = (counts[alarm.status] ?? 0) + 1;
  }
  return counts;
}
