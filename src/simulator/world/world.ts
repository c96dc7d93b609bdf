import type { Clock } from '../clock.ts';
import { SimulatorError } from '../errors.ts';
import type { AgentBackup, PlanSpec, ScenarioSpec } from '../scenario.ts';
import type { Command, Happening, Situation } from './plan.ts';
import { happen, initially, settle } from './plan.ts';
import { whyIllegal } from './legality.ts';
import type { RecoveryTokens } from './recovery-tokens.ts';
import { createRecoveryTokens } from './recovery-tokens.ts';
import { describeState } from './states.ts';
import type { Trouble } from './timeline.ts';

/** A plan as it is at one moment. */
export interface PlanNow {
  readonly spec: PlanSpec;
  readonly situation: Situation;
  /** The moment, in simulated milliseconds. */
  readonly now: number;
}

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
  readonly agentBackups: readonly AgentBackup[];
  readonly recoveryTokens: readonly Readonly<{
    id: string;
    name: string;
    expirationDate: string;
    backupIds: readonly string[];
  }>[];
}

/** The one world behind all simulated servers. */
export interface World {
  readonly scenario: ScenarioSpec;
  plans(): readonly PlanNow[];
  /** By name or id. Throws `UNKNOWN_PLAN`. */
  plan(key: string): PlanNow;
  /** Carries a command out. Answers whether anything changed. Throws `UNKNOWN_PLAN`, `ILLEGAL_ACTION`. */
  command(key: string, command: Command): boolean;
  /** Something will go wrong in a coming step of a plan. Throws `UNKNOWN_PLAN`. */
  trouble(key: string, trouble: Trouble): void;
  /** Nothing will go wrong any more: one trouble, or all. */
  calm(trouble?: string): void;
  /** The Orchestrator restarts: RuntimeDetails are emptied, the plans go on. */
  reboot(options?: { rewound?: boolean | undefined }): void;
  /** Back to the scenario. */
  reset(): void;
  readonly recoveryTokens: RecoveryTokens;
  report(): WorldReport;
}

export function createWorld({ scenario, clock }: { scenario: ScenarioSpec; clock: Clock }): World {
  const situations = new Map<string, Situation>();
  let recoveryTokens = createRecoveryTokens(scenario.vbr.agentBackups);

  const specOf = (key: string): PlanSpec => {
    const spec = scenario.vro.plans.find((plan) => plan.name === key || plan.id === key.toLowerCase());
    if (spec === undefined) throw new SimulatorError('UNKNOWN_PLAN', `There is no plan ${key}.`);
    return spec;
  };
  const situationOf = (spec: PlanSpec, now: number): Situation => {
    const situation = settle(spec, situations.get(spec.id) ?? initially(spec), now);
    situations.set(spec.id, situation);
    return situation;
  };
  const planNow = (spec: PlanSpec): PlanNow => {
    const now = clock.now();
    return { spec, situation: situationOf(spec, now), now };
  };
  const change = (spec: PlanSpec, happening: Happening): void => {
    const now = clock.now();
    situations.set(spec.id, happen(spec, situationOf(spec, now), happening, now));
  };

  return {
    scenario,
    plans: () => scenario.vro.plans.map(planNow),
    plan: (key) => planNow(specOf(key)),
    command: (key, command) => {
      const { spec, situation } = planNow(specOf(key));
      const reason = whyIllegal(spec, situation, command.action);
      if (reason !== undefined) {
        throw new SimulatorError(
          'ILLEGAL_ACTION',
          `${command.action} is not possible for plan ${spec.name}: ${reason}.`,
        );
      }
      const already =
        (command.action === 'Enable' && situation.mode === 'Enabled') ||
        (command.action === 'Disable' && situation.mode === 'Disabled');
      if (already) return false;
      change(spec, command);
      return true;
    },
    trouble: (key, trouble) => change(specOf(key), { action: 'trouble', trouble }),
    calm: (trouble) => {
      for (const spec of scenario.vro.plans) {
        change(spec, trouble === undefined ? { action: 'calm' } : { action: 'calm', trouble });
      }
    },
    reboot: ({ rewound = false } = {}) => {
      for (const spec of scenario.vro.plans) change(spec, { action: 'reboot', rewound });
    },
    reset: () => {
      situations.clear();
      recoveryTokens = createRecoveryTokens(scenario.vbr.agentBackups);
    },
    get recoveryTokens() {
      return recoveryTokens;
    },
    report: () => ({
      scenario: scenario.name,
      now: new Date(clock.now()).toISOString(),
      plans: scenario.vro.plans.map(planNow).map(({ spec, situation }) => {
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
      agentBackups: scenario.vbr.agentBackups,
      recoveryTokens: recoveryTokens
        .list()
        .map(({ id, name, expirationDate, backupIds }) => ({ id, name, expirationDate, backupIds })),
    }),
  };
}
