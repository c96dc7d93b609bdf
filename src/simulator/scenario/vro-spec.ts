import { z } from 'zod';
import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import type { PlanSpec } from './plan-spec.ts';
import { planSchema, withIds } from './plan-spec.ts';

const id = z.guid().toLowerCase().optional();
const name = z.string().min(1);

const scopeSchema = z.strictObject({
  id,
  name,
  description: z.string().default(''),
  /** Names of the YARA rules that restores may scan with. */
  yaraRules: z.array(name).default([]),
});

const locationSchema = z.strictObject({
  id,
  name,
  description: z.string().default(''),
  type: z.enum(['Restore', 'Storage', 'HyperV', 'AzureCloud']).default('Restore'),
  isOriginal: z.boolean().default(false),
  availability: z.enum(['Available', 'PartiallyAvailable', 'Unavailable']).default('Available'),
});

const ROLES = ['Administrator', 'PlanAuthor', 'PlanOperator'] as const;

const userSchema = z.strictObject({
  username: name,
  password: name,
  role: z.enum(ROLES).default('Administrator'),
  /** Names of the scopes the user sees; default: all. */
  scopes: z.array(name).optional(),
  /** Logging in takes a one-time password; without a secret, one has to be generated first. */
  mfa: z
    .strictObject({
      /** Base32, as authenticator apps take it. */
      secret: z
        .string()
        .regex(/^[A-Z2-7]{16,}=*$/i, 'is not Base32')
        .optional(),
    })
    .optional(),
});

/** The part of a scenario that VRO shows. */
export const vroSchema = z.strictObject({
  /** An API client of the scenario's first user. */
  client: z
    .strictObject({ id: name, secret: name })
    .default({ id: '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01', secret: 'simulated-client-secret' }),
  /** The default scope, and further ones. */
  scope: scopeSchema.prefault({ name: 'Admin Scope' }),
  scopes: z.array(scopeSchema).default([]),
  /** Where plans recover to unless they say otherwise, and further places. */
  recoveryLocation: locationSchema.prefault({ name: 'Recovery Site' }),
  recoveryLocations: z.array(locationSchema).default([]),
  /** Accounts besides the scenario's `user`, who is an administrator without MFA. */
  users: z.array(userSchema).default([]),
  plans: z.array(planSchema),
});
type Parsed = z.output<typeof vroSchema>;

export type Role = (typeof ROLES)[number];
export type ScopeSpec = Readonly<Omit<Parsed['scope'], 'id'> & { id: string }>;
export type LocationSpec = Readonly<Omit<Parsed['recoveryLocation'], 'id'> & { id: string }>;
export type VroUserSpec = Readonly<z.output<typeof userSchema>>;

export interface VroSpec {
  readonly client: Readonly<Parsed['client']>;
  /** The default scope. */
  readonly scope: ScopeSpec;
  readonly scopes: readonly ScopeSpec[];
  /** The default recovery location. */
  readonly recoveryLocation: LocationSpec;
  readonly recoveryLocations: readonly LocationSpec[];
  readonly users: readonly VroUserSpec[];
  readonly plans: readonly PlanSpec[];
}

/** The location every server has: VMs go back to where they were. */
const ORIGINAL_LOCATION = locationSchema.parse({
  name: 'Original VM Location',
  description: 'Restores machines to where they were',
  isOriginal: true,
});

/** Gives everything in VRO its id, and plans and users their places. Throws `INVALID_SCENARIO`. */
export function withVroIds(vro: Parsed): VroSpec {
  const scopes = [vro.scope, ...vro.scopes].map((scope) => placed('scope', scope));
  const locations = [vro.recoveryLocation, ...vro.recoveryLocations, ORIGINAL_LOCATION].map((location) =>
    placed('location', location),
  );
  for (const scope of vro.users.flatMap((user) => user.scopes ?? [])) find('scope', scopes, scope);
  return {
    client: vro.client,
    scope: find('scope', scopes, vro.scope.name),
    scopes,
    recoveryLocation: find('recovery location', locations, vro.recoveryLocation.name),
    recoveryLocations: locations,
    users: vro.users,
    plans: vro.plans.map((plan) =>
      withIds(plan, {
        scopeId: find('scope', scopes, plan.scope ?? vro.scope.name).id,
        recoveryLocationId: find(
          'recovery location',
          locations,
          plan.recoveryLocation ?? vro.recoveryLocation.name,
        ).id,
      }),
    ),
  };
}

function placed<T extends { id?: string | undefined; name: string }>(
  kind: string,
  place: T,
): T & { id: string } {
  return { ...place, id: place.id ?? stableId(`${kind}/${place.name}`) };
}

function find<T extends { name: string }>(kind: string, known: readonly T[], wanted: string): T {
  const found = known.find((one) => one.name === wanted);
  if (found !== undefined) return found;
  throw new SimulatorError(
    'INVALID_SCENARIO',
    `There is no ${kind} "${wanted}", but ${known.map((one) => one.name).join(', ')}.`,
  );
}
