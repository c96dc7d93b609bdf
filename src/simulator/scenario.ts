import { z } from 'zod';
import { SimulatorError } from './errors.ts';
import type { OneSpec } from './scenario/one-spec.ts';
import { oneSchema } from './scenario/one-spec.ts';
import type { AlarmSpec, ProtectionSpec, SitesSpec } from './scenario/protection-spec.ts';
import { alarmSchema, protectionSchema, sitesSchema, withBackupIds } from './scenario/protection-spec.ts';
import type { VroSpec } from './scenario/vro-spec.ts';
import { vroSchema, withVroIds } from './scenario/vro-spec.ts';

export type { AgentBackup } from './scenario/protection-spec.ts';
export type { GroupSpec, PlanSpec, StepSpec, VmSpec } from './scenario/plan-spec.ts';

const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  /** The one account both servers know; any `DOMAIN\` before the user name is accepted. */
  user: z
    .strictObject({ username: z.string().min(1), password: z.string().min(1) })
    .default({ username: 'administrator', password: 'Password1' }),
  vro: vroSchema,
  sites: sitesSchema,
  /** Alarms that Veeam ONE shows from the start. */
  alarms: z.array(alarmSchema).default([]),
  /** What is protected, and how. */
  vbr: protectionSchema,
  one: oneSchema.prefault({}),
});

/** A world as one writes it down (also as YAML): ids and everything with a default may be left out. */
export type Scenario = z.input<typeof scenarioSchema>;
type Parsed = z.output<typeof scenarioSchema>;

/** A checked scenario in which everything has its id. */
export interface ScenarioSpec {
  readonly name: string;
  readonly user: Readonly<Parsed['user']>;
  readonly vro: VroSpec;
  readonly sites: SitesSpec;
  readonly alarms: readonly AlarmSpec[];
  readonly vbr: ProtectionSpec;
  readonly one: OneSpec;
}

function duplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** Reads a scenario and gives everything in it an id. Throws `INVALID_SCENARIO`. */
export function parseScenario(input: unknown): ScenarioSpec {
  const parsed = scenarioSchema.safeParse(input);
  if (!parsed.success) {
    throw new SimulatorError(
      'INVALID_SCENARIO',
      `The scenario is not valid: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { name, user, sites, alarms, vbr } = parsed.data;
  const vro = withVroIds(parsed.data.vro);
  const { plans } = vro;
  const twice =
    duplicate(plans.map((plan) => plan.name)) ??
    plans
      .map((plan) => duplicate(plan.groups.flatMap((group) => group.vms.map((vm) => vm.name))))
      .find((vm) => vm !== undefined) ??
    duplicate(vbr.vms.map((vm) => vm.name.toLowerCase())) ??
    duplicate(vbr.agentBackups.map((backup) => backup.name));
  if (twice !== undefined) {
    throw new SimulatorError(
      'INVALID_SCENARIO',
      `The name "${twice}" is used twice. Give plans, VMs in a plan, and backups names of their own.`,
    );
  }
  return {
    name,
    user,
    one: parsed.data.one,
    vro,
    sites,
    alarms,
    vbr: withBackupIds(vbr),
  };
}
