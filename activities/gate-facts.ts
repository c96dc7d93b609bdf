import { isActionName, specOf } from '../src/catalog/index.ts';
import type { GateFacts, MachineFacts, PlanFacts } from '../src/model/gate-facts.ts';
import type { CoveredStep } from '../src/model/vote.ts';
import type { Deps } from './deps.ts';
import { collectedAt } from './one/collected-at.ts';
import { shortName } from './read.ts';
import { viewPlan } from './vro/plan-view.ts';

/** A server that is slow or away must not keep a gate from opening: then its facts are not known. */
const SERVER_LIMIT_MS = 5_000;
/** Nobody reads more names on a phone; the others are counted. */
const MAX_MACHINES = 100;
/** As many as checkRpo looks through: the largest estates have some ten thousand. */
const MAX_PROTECTED = 50_000;

interface Covered {
  readonly plans: readonly PlanFacts[];
  readonly machines: readonly MachineFacts[];
}

/**
 * What the people at a gate should know of the world before they answer: the machines, how old their newest restore points
 * are, and whether the plans are ready. Never fails; what cannot be asked is said to be unknown.
 *
 * @param one the connection of the runbook to Veeam ONE, which knows the restore points
 */
export async function gateFacts(
  deps: Deps,
  covered: readonly CoveredStep[],
  { one, limitMs = SERVER_LIMIT_MS }: { readonly one: string | undefined; readonly limitMs?: number },
): Promise<GateFacts> {
  const unknown: string[] = [];
  const plans = await Promise.all(
    planTargets(covered).map((target) =>
      orUnknown(planFacts(deps, target, limitMs), unknown, `The plan ${target} could not be looked at.`),
    ),
  );
  const found = plans.filter((plan) => plan !== undefined);
  const machines = uniqueByName([...found.flatMap((plan) => plan.machines), ...replicasOf(covered)]);
  const known = await pointsOf(deps, machines, { one, limitMs, unknown });
  const dated = machines.map((machine): MachineFacts => {
    const newestPoint = known?.points.get(machine.name.toLowerCase());
    return { ...machine, name: shortName(machine.name), ...(newestPoint !== undefined && { newestPoint }) };
  });
  // The oldest first: they are what would be lost.
  const age = ({ newestPoint }: MachineFacts): number => newestPoint ?? 0;
  dated.sort((a, b) => age(a) - age(b));
  return {
    // A server whose clock is ahead of ours must not make its points look younger than they are.
    at: Math.max(deps.now(), known?.collected ?? 0),
    plans: found.flatMap((plan) => plan.plans),
    machines: dated.slice(0, MAX_MACHINES),
    more: Math.max(0, dated.length - MAX_MACHINES),
    unknown,
  };
}

function planTargets(covered: readonly CoveredStep[]): string[] {
  const targets = covered.map(({ target }) => target).filter((target) => target.split('/')[1] === 'plan');
  return [...new Set(targets)];
}

async function planFacts(deps: Deps, target: string, limitMs: number): Promise<Covered> {
  const [connection, , id = ''] = target.split('/');
  const vro = deps.vro(connection);
  const options = { signal: AbortSignal.timeout(limitMs) };
  const [view, { data: groups }] = await Promise.all([
    viewPlan(vro, id, options.signal),
    vro.client.planContents.groups(id, options),
  ]);
  const pages = await Promise.all(
    groups.map((group) => vro.client.planContents.groupVms(id, group.id, options)),
  );
  const machines = uniqueByName(
    pages.flatMap(({ data }) =>
      data.map((vm) => ({ name: vm.name ?? vm.id, isCritical: vm.isCritical === true })),
    ),
  );
  const { name, stateName, checkResult, verification } = view;
  const plan: PlanFacts = {
    target,
    name: shortName(name),
    state: shortName(stateName),
    ...(checkResult !== 'Undefined' && { check: shortName(checkResult) }),
    verification: shortName(verification),
    machines: machines.length,
  };
  return { plans: [plan], machines };
}

/** Commands on replicas name their machines. */
function replicasOf(covered: readonly CoveredStep[]): MachineFacts[] {
  return covered.flatMap(({ action, with: given }) => {
    const target = isActionName(action) ? specOf(action).target : undefined;
    const names = target?.kind === 'replica' && target.input !== undefined ? given[target.input] : undefined;
    return Array.isArray(names)
      ? names.filter((name) => typeof name === 'string').map((name) => ({ name, isCritical: true }))
      : [];
  });
}

interface Points {
  readonly points: ReadonlyMap<string, number>;
  /** As of when Veeam ONE knows them. */
  readonly collected: number | undefined;
}

/** The newest restore point of each machine, by its name in small letters. Of two of one name the older one counts. */
async function pointsOf(
  deps: Deps,
  machines: readonly MachineFacts[],
  { one, limitMs, unknown }: { one: string | undefined; limitMs: number; unknown: string[] },
): Promise<Points | undefined> {
  if (machines.length === 0) return undefined;
  if (one === undefined) {
    unknown.push('How old the restore points are: the runbook names no Veeam ONE.');
    return undefined;
  }
  const wanted = new Set(machines.map(({ name }) => name.toLowerCase()));
  const looking = async (): Promise<Points> => {
    const signal = AbortSignal.timeout(limitMs);
    const connection = deps.one(one);
    const [{ data }, collected] = await Promise.all([
      connection.client.protectedVms.select(
        ['vmUidInVbr', 'name', 'lastProtectedDate'],
        {},
        { signal, limit: MAX_PROTECTED },
      ),
      collectedAt(connection, { signal }),
    ]);
    const points = new Map<string, number>();
    for (const { name, lastProtectedDate } of data) {
      const key = (name ?? '').toLowerCase();
      const at = Date.parse(lastProtectedDate ?? '');
      if (wanted.has(key) && !Number.isNaN(at)) points.set(key, Math.min(at, points.get(key) ?? at));
    }
    return { points, collected };
  };
  return orUnknown(looking(), unknown, `How old the restore points are: ${one} could not be asked.`);
}

async function orUnknown<T>(looking: Promise<T>, unknown: string[], says: string): Promise<T | undefined> {
  try {
    return await looking;
  } catch {
    unknown.push(says);
    return undefined;
  }
}

function uniqueByName(machines: readonly MachineFacts[]): MachineFacts[] {
  return [...new Map(machines.map((machine) => [machine.name.toLowerCase(), machine])).values()];
}
