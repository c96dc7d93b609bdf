import type { CallOptions } from '../calls.ts';
import { VeeamError } from '../errors.ts';
import type { Page } from '../paging.ts';
import { pageOf } from '../schemas/page.ts';
import { recoveryPlan } from '../schemas/plan.ts';
import { oneLine } from '../text.ts';
import type { RecoveryPlan } from '../types.ts';
import { VRO_OPERATIONS } from './operations.ts';
import { vroSelection, selectionQuery } from './query.ts';
import type { VroSelection } from './query.ts';
import { idOf } from './vro-calls.ts';
import type { VroCollectOptions, VroCalls } from './vro-calls.ts';

/** Filter and sort come first, then `start`, then `limit`. */
export type PlansQuery = VroSelection & {
  readonly start?: number;
  readonly limit?: number;
  readonly onlyEnabled?: boolean;
};

export type CollectPlansOptions = VroCollectOptions & { readonly onlyEnabled?: boolean | undefined };

export interface Plans {
  /** One page of the plans that the account may see. */
  plans(query?: PlansQuery, options?: CallOptions): Promise<Page<RecoveryPlan>>;
  /** All of them, read page by page; `data` shorter than `total` means that the limit cut it. */
  allPlans(options?: CollectPlansOptions): Promise<Page<RecoveryPlan>>;
  plan(planId: string, options?: CallOptions): Promise<RecoveryPlan>;
  /**
   * A plan by its id (a UUID) or by its exact name, letter case included.
   * Throws veeam.notFound, or veeam.ambiguousName when several plans share the name.
   */
  findPlan(nameOrId: string, options?: CallOptions): Promise<RecoveryPlan>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Longest part of a plan's name that an error repeats. */
const MAX_NAME_CHARS = 100;

const planPage = pageOf(recoveryPlan);

const { where } = vroSelection<RecoveryPlan>();

export function plans(calls: VroCalls): Plans {
  const list: Plans['plans'] = ({ filter, sort, ...rest } = {}, options = {}) =>
    calls.read(
      'plans',
      { query: { ...rest, ...selectionQuery({ filter, sort }) }, schema: planPage },
      options,
    );

  const allPlans: Plans['allPlans'] = ({ onlyEnabled, ...options } = {}) =>
    calls.collect('plans', { query: { onlyEnabled }, item: recoveryPlan, keyOf: idOf }, options);

  const plan: Plans['plan'] = (planId, options) =>
    calls.read('plan', { params: { planId }, schema: recoveryPlan }, options);

  const findPlan: Plans['findPlan'] = async (nameOrId, options) => {
    if (UUID.test(nameOrId)) return plan(nameOrId, options);

    const found = await allPlans({ filter: where('name').is(nameOrId), ...options }).catch(asUnknownVersion);
    // The server's database may compare without regard to case; two such plans are not the same plan.
    const [first, ...others] = found.data.filter(({ name }) => name === nameOrId);
    const { method, path } = VRO_OPERATIONS.plans;
    const site = calls.caller.site(`${method} ${path}`);
    const shown = `"${oneLine(nameOrId, MAX_NAME_CHARS)}"`;
    if (first === undefined) {
      throw new VeeamError('veeam.notFound', site, { detail: `no plan is named exactly ${shown}` });
    }
    if (others.length > 0) {
      throw new VeeamError('veeam.ambiguousName', site, {
        detail: `${others.length + 1} plans are named ${shown}`,
      });
    }
    return first;
  };

  return { plans: list, allPlans, plan, findPlan };
}

/** Every server has a list of plans: one that does not know it does not serve this version, for which VRO has no word. */
function asUnknownVersion(error: unknown): never {
  if (!(error instanceof VeeamError) || error.status !== 404) throw error;
  const { connection, call, status, serverMessage } = error;
  throw new VeeamError(
    'veeam.version',
    { connection, call, changes: false },
    { status, serverMessage, cause: error },
  );
}
