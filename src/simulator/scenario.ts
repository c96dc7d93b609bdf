import { z } from 'zod';
import { SimulatorError } from './errors.ts';
import { stableId } from './ids.ts';

/** Seconds of simulated time. */
const seconds = z.number().positive();

const stepSchema = z.strictObject({
  id: z.guid().toLowerCase().optional(),
  name: z.string().min(1),
  actionType: z.string().min(1).default('CustomStep'),
  seconds,
  isCritical: z.boolean().default(false),
});

const vmSchema = z.strictObject({
  id: z.guid().toLowerCase().optional(),
  name: z.string().min(1),
  /** Default: as its group. */
  isCritical: z.boolean().optional(),
  steps: z.array(stepSchema).min(1),
});

const groupSchema = z.strictObject({
  id: z.guid().toLowerCase().optional(),
  name: z.string().min(1),
  isCritical: z.boolean().default(false),
  vms: z.array(vmSchema).min(1),
});

const planSchema = z.strictObject({
  id: z.guid().toLowerCase().optional(),
  name: z.string().min(1),
  description: z.string().default(''),
  planType: z.enum(['Replica', 'Restore', 'Storage']).default('Replica'),
  mode: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  verification: z.enum(['NeedsVerified', 'NotVerified', 'Verified']).default('Verified'),
  /** How long everything but the failover takes; that takes as long as its steps. */
  durations: z
    .strictObject({
      check: seconds.default(60),
      undo: seconds.default(120),
      failback: seconds.default(300),
      commitFailback: seconds.default(60),
      reset: seconds.default(5),
    })
    .prefault({}),
  groups: z.array(groupSchema).min(1),
});

const placeSchema = z.strictObject({ id: z.guid().toLowerCase().optional(), name: z.string().min(1) });

const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  /** The one account both servers know; any `DOMAIN\` before the user name is accepted. */
  user: z
    .strictObject({ username: z.string().min(1), password: z.string().min(1) })
    .default({ username: 'administrator', password: 'Password1' }),
  vro: z.strictObject({
    client: z
      .strictObject({ id: z.string().min(1), secret: z.string().min(1) })
      .default({ id: '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01', secret: 'simulated-client-secret' }),
    scope: placeSchema.default({ name: 'Admin Scope' }),
    recoveryLocation: placeSchema.default({ name: 'Recovery Site' }),
    plans: z.array(planSchema),
  }),
  vbr: z
    .strictObject({
      agentBackups: z.array(
        z.strictObject({
          id: z.guid().toLowerCase().optional(),
          name: z.string().min(1),
          computer: z.string().min(1),
        }),
      ),
    })
    .default({ agentBackups: [] }),
});

/** A world as one writes it down (also as YAML): ids and everything with a default may be left out. */
export type Scenario = z.input<typeof scenarioSchema>;
type Parsed = z.output<typeof scenarioSchema>;
type ParsedPlan = Parsed['vro']['plans'][number];

export type StepSpec = Readonly<{
  id: string;
  name: string;
  actionType: string;
  seconds: number;
  isCritical: boolean;
}>;
export type VmSpec = Readonly<{ id: string; name: string; isCritical: boolean; steps: readonly StepSpec[] }>;
export type GroupSpec = Readonly<{ id: string; name: string; isCritical: boolean; vms: readonly VmSpec[] }>;
export type PlanSpec = Readonly<
  Omit<ParsedPlan, 'id' | 'groups'> & { id: string; groups: readonly GroupSpec[] }
>;
export type AgentBackup = Readonly<{ id: string; name: string; computer: string }>;
export type Place = Readonly<{ id: string; name: string }>;

/** A checked scenario in which everything has its id. */
export interface ScenarioSpec {
  readonly name: string;
  readonly user: Readonly<Parsed['user']>;
  readonly vro: Readonly<{
    client: Readonly<Parsed['vro']['client']>;
    scope: Place;
    recoveryLocation: Place;
    plans: readonly PlanSpec[];
  }>;
  readonly vbr: Readonly<{ agentBackups: readonly AgentBackup[] }>;
}

function withIds(plan: ParsedPlan): PlanSpec {
  const id = plan.id ?? stableId(`plan/${plan.name}`);
  return {
    ...plan,
    id,
    groups: plan.groups.map((group) => ({
      ...group,
      id: group.id ?? stableId(`${id}/group/${group.name}`),
      vms: group.vms.map((vm) => ({
        ...vm,
        id: vm.id ?? stableId(`${id}/vm/${vm.name}`),
        isCritical: vm.isCritical ?? group.isCritical,
        steps: vm.steps.map((step) => ({
          ...step,
          id: step.id ?? stableId(`${id}/vm/${vm.name}/step/${step.name}`),
        })),
      })),
    })),
  };
}

function placed(kind: string, place: { id?: string | undefined; name: string }): Place {
  return { name: place.name, id: place.id ?? stableId(`${kind}/${place.name}`) };
}

function duplicate(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
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
  const { name, user, vro, vbr } = parsed.data;
  const plans = vro.plans.map(withIds);
  const twice =
    duplicate(plans.map((plan) => plan.name)) ??
    plans
      .map((plan) => duplicate(plan.groups.flatMap((group) => group.vms.map((vm) => vm.name))))
      .find((vm) => vm !== undefined);
  if (twice !== undefined) {
    throw new SimulatorError(
      'INVALID_SCENARIO',
      `The name "${twice}" is used twice. Give plans, and VMs in a plan, names of their own.`,
    );
  }
  return {
    name,
    user,
    vro: {
      client: vro.client,
      scope: placed('scope', vro.scope),
      recoveryLocation: placed('location', vro.recoveryLocation),
      plans,
    },
    vbr: {
      agentBackups: vbr.agentBackups.map((backup) => ({
        ...backup,
        id: backup.id ?? stableId(`backup/${backup.name}`),
      })),
    },
  };
}
