import type { FastifyRequest } from 'fastify';
import type { ServerContext } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import type { Role } from '../scenario/vro-spec.ts';
import type { Action } from '../world/commands.ts';
import type { PlanNow } from '../world/situation.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Mfa } from './mfa.ts';

/** What the routes of the VRO stand-in share. */
export interface VroContext extends ServerContext {
  readonly accounts: Accounts;
  readonly mfa: Mfa;
}

/** The request decorator in which authentication leaves who asks. */
export const ACCOUNT = 'account';

export function accountOf(request: FastifyRequest): Account {
  return request.getDecorator<Account>(ACCOUNT);
}

/** What can be asked beyond the commands. */
type Deed = Action | 'Clone';

/** The guide's roles: an author prepares plans and does not run them, an operator runs them and does not change them. */
const MAY: Readonly<Record<Exclude<Role, 'Administrator'>, ReadonlySet<Deed>>> = {
  PlanAuthor: new Set<Deed>([
    'Enable',
    'Disable',
    'ReadinessCheck',
    'StartTest',
    'Halt',
    'ResetState',
    'ResetChangeLog',
    'Clone',
  ]),
  PlanOperator: new Set<Deed>([
    'ReadinessCheck',
    'StartTest',
    'Failover',
    'Restore',
    'Halt',
    'Continue',
    'Undo',
    'PermanentFailover',
    'PrepareToFailback',
    'SwitchoverToProduction',
    'FailbackToProduction',
    'CommitFailback',
    'ResetState',
    'Schedule',
    'DeleteSchedule',
  ]),
};

/** Throws `FORBIDDEN` when the role of who asks does not allow it. */
export function requireRight(request: FastifyRequest, deed: Deed): void {
  const { role } = accountOf(request);
  if (role === 'Administrator' || MAY[role].has(deed)) return;
  throw new SimulatorError('FORBIDDEN', `Your role ${role} does not allow ${deed}.`);
}

/** The roles as plans show them. */
export function roleNamesOf({ role }: Account): readonly string[] {
  switch (role) {
    case 'Administrator':
      return ['DRSiteAdmin', 'DRPlanAuthor', 'DRPlanOperator'];
    case 'PlanAuthor':
      return ['DRPlanAuthor'];
    case 'PlanOperator':
      return ['DRPlanOperator'];
  }
}

/** The plans that who asks may see; nothing tells that there are others. */
export function visiblePlans({ world }: VroContext, request: FastifyRequest): readonly PlanNow[] {
  const { scopes } = accountOf(request);
  return world.plans().filter(({ spec }) => scopes.has(spec.scopeId));
}

/** A visible plan by its id. Throws `UNKNOWN_PLAN`. */
export function visiblePlan({ world }: VroContext, request: FastifyRequest, planId: string): PlanNow {
  const plan = world.plan(planId);
  if (accountOf(request).scopes.has(plan.spec.scopeId)) return plan;
  throw new SimulatorError('UNKNOWN_PLAN', `There is no plan ${planId}.`);
}

/** The one of these with this id, in any case. Throws `UNKNOWN_RESOURCE`, saying what it is. */
export function known<T extends { readonly id: string }>(kind: string, id: string, all: readonly T[]): T {
  const found = all.find((one) => isSame(one.id, id));
  if (found !== undefined) return found;
  throw new SimulatorError('UNKNOWN_RESOURCE', `There is no ${kind} ${id}.`);
}

export function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
