import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import {
  createVroClient,
  VeeamError,
  VRO_API_VERSIONS,
  type VroClient,
  type VroScope,
} from '../../veeam/index.ts';
import type { CallOptions, PlanRuntimeDetails, RecoveryPlan } from '../../veeam/index.ts';
import { credentialsOf, serverOptions } from '../connections.ts';
import { TIMEOUTS, type Checkup } from './checkup.ts';
import { count, failed, FEWER_SILENTLY, timed } from './lines.ts';

/** More names than this say nothing at a glance. */
const NAMED_SCOPES = 5;

export const vroCheckup = {
  versions: VRO_API_VERSIONS,
  open(config: Config, connection: ConnectionConfig): Checkup {
    const client = createVroClient({
      ...serverOptions(config, connection),
      apiVersion: connection.apiVersion as 'v7.21',
      credentials: credentialsOf(config, connection),
      timeouts: TIMEOUTS,
    });
    return {
      greet: async (options) => {
        await client.plans({ limit: 1 }, options);
        return 'Veeam Recovery Orchestrator';
      },
      look: (options) => look(client, options),
      session: () => client.session(),
      logout: (options) => client.logout(options),
      close: () => client.close(),
    };
  },
};

async function look(client: VroClient, options: CallOptions): Promise<DoctorLine[]> {
  try {
    const { value: page, ms } = await timed(() => client.plans({ limit: 1 }, options));
    const [plan] = page.data;
    return [
      ...(plan === undefined ? [] : [await roleLine(client, plan, options)]),
      await scopeLine(client, page.total, options),
      { check: 'read', level: 'ok', says: 'lists plans', ms },
    ];
  } catch (error) {
    return [failed('read', error)];
  }
}

async function roleLine(
  client: VroClient,
  { id, name }: RecoveryPlan,
  options: CallOptions,
): Promise<DoctorLine> {
  try {
    return roleOn(name, await client.runtimeDetails.plan(id, options));
  } catch (error) {
    return failed('role', error);
  }
}

/** Whether the account may run plans, by what VRO says with one of them. */
function roleOn(plan: string, { roles }: PlanRuntimeDetails): DoctorLine {
  const held: readonly string[] = roles ?? [];
  const says = `${held.length === 0 ? 'no role' : held.join(', ')} on plan "${plan}"`;
  if (held.includes('DRSiteAdmin')) return { check: 'role', level: 'ok', says: `${says}: may do everything` };
  if (!held.includes('DRPlanOperator')) {
    return {
      check: 'role',
      level: 'warn',
      says: `${says}: it may look at plans, but not run them`,
      now: 'Give the account the role Plan Operator (or Administrator) in VRO, in the scopes of the plans it shall run.',
    };
  }
  if (held.includes('DRPlanAuthor')) {
    return { check: 'role', level: 'ok', says: `${says}: may run and enable plans` };
  }
  return {
    check: 'role',
    level: 'ok',
    says: `${says}: may run plans; to enable one again after a reset it needs Plan Author as well`,
  };
}

/** What lies outside of the account's scopes is left out of every list, and no call says so. */
async function scopeLine(client: VroClient, plans: number, options: CallOptions): Promise<DoctorLine> {
  const scopes = await client.scopes.list(options).then(
    ({ data }) => scopeNames(data),
    // A server without this call still shows its plans.
    (error: unknown) => {
      if (error instanceof VeeamError) return `scopes that VRO does not name (${error.says})`;
      throw error;
    },
  );
  if (plans > 0) {
    const says = `${count(plans, 'plan')} seen in ${scopes}; ${FEWER_SILENTLY}`;
    return { check: 'scope', level: 'ok', says };
  }
  return {
    check: 'scope',
    level: 'warn',
    says: `no plans seen in ${scopes}; ${FEWER_SILENTLY}`,
    now: 'Give the account a role in the scopes of the plans it shall run, or create these plans in VRO.',
  };
}

function scopeNames(scopes: readonly VroScope[]): string {
  if (scopes.length === 0) return 'no scope';
  const names = scopes.slice(0, NAMED_SCOPES).map(({ name }) => name);
  const more = scopes.length - names.length;
  return `scope${scopes.length === 1 ? '' : 's'} ${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
