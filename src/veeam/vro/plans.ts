import type { Caller } from '../caller.ts';
import type { CallOptions } from '../calls.ts';
import { VeeamError } from '../errors.ts';
import { collectPages } from '../paging.ts';
import type { Page } from '../paging.ts';
import { pageOf } from '../schemas/page.ts';
import { recoveryPlan } from '../schemas/plan.ts';
import { oneLine } from '../text.ts';
import type { RecoveryPlan } from '../types.ts';

/** A condition of VRO's `filter` parameter. */
export type Filter =
  | {
      readonly property: string;
      readonly operator: '==' | '!=' | '>' | '<' | 'in' | 'like';
      readonly value: string | number | boolean | null | readonly (string | number)[];
    }
  | { readonly operator: '&&'; readonly items: readonly Filter[] };

/** Filter and sort come first, then `start`, then `limit`. */
export type PlansQuery = {
  readonly start?: number;
  readonly limit?: number;
  readonly filter?: readonly Filter[];
  readonly sort?: readonly { readonly property: string; readonly direction: 'ASC' | 'DESC' }[];
  readonly onlyEnabled?: boolean;
};

export interface Plans {
  /** One page of the plans that the account may see. */
  plans(query?: PlansQuery, options?: CallOptions): Promise<Page<RecoveryPlan>>;
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

export function plans(caller: Caller): Plans {
  const list: Plans['plans'] = ({ filter, sort, ...rest } = {}, options = {}) =>
    caller.read(
      {
        call: 'GET /Plans',
        query: {
          ...rest,
          filter: filter === undefined ? undefined : JSON.stringify(filter),
          sort: sort === undefined ? undefined : JSON.stringify(sort),
        },
        schema: planPage,
      },
      options,
    );

  const plan: Plans['plan'] = (planId, options) =>
    caller.read({ call: 'GET /Plans/{planId}', params: { planId }, schema: recoveryPlan }, options);

  const findPlan: Plans['findPlan'] = async (nameOrId, options) => {
    if (UUID.test(nameOrId)) return plan(nameOrId, options);

    const filter: Filter[] = [{ property: 'name', operator: '==', value: nameOrId }];
    const found = await collectPages((start, limit) => list({ filter, start, limit }, options), {
      limit: caller.limits.items,
      keyOf: ({ id }) => id,
    });
    // The server's database may compare without regard to case; two such plans are not the same plan.
    const [first, ...others] = found.data.filter(({ name }) => name === nameOrId);
    const site = caller.site('GET /Plans');
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

  return { plans: list, plan, findPlan };
}
