import type { FastifyInstance } from 'fastify';
import { stableId } from '../ids.ts';
import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { LocationSpec, ScopeSpec } from '../scenario/vro-spec.ts';
import type { VroContext } from './access.ts';
import { accountOf, known, visiblePlan } from './access.ts';
import type { Item } from './expressions.ts';
import { pageOf } from './query.ts';

function locationInfo({ id, type, name, description, isOriginal, availability }: LocationSpec): Item {
  return {
    id,
    type,
    name,
    description,
    isOriginal,
    useReIp: false,
    useNetworkMapping: false,
    computeGroups: [],
    reIpRules: [],
    networkMappingRules: [],
    availability,
  };
}

/** `RecoveryLocations`: where plans recover to. */
export function addLocationRoutes(app: FastifyInstance, { world }: VroContext): void {
  const { recoveryLocations } = world.scenario.vro;

  app.get('/RecoveryLocations', async ({ query }) => pageOf(recoveryLocations, query, locationInfo));

  app.get<{ Params: { recoveryLocationId: string } }>(
    '/RecoveryLocations/:recoveryLocationId',
    async ({ params }) =>
      locationInfo(known('recovery location', params.recoveryLocationId, recoveryLocations)),
  );
}

/** `Scopes`: who asks sees only its own. */
export function addScopeRoutes(app: FastifyInstance, { world }: VroContext): void {
  const { scopes, scope: defaultScope } = world.scenario.vro;
  const visible = (account: { scopes: ReadonlySet<string> }): ScopeSpec[] =>
    scopes.filter((scope) => account.scopes.has(scope.id));

  app.get('/Scopes', async (request) =>
    pageOf(visible(accountOf(request)), request.query, ({ id, name, description }) => ({
      id,
      name,
      description,
      isDefault: id === defaultScope.id,
      state: 'Active',
      serverId: stableId('server/vro'),
      siteName: world.scenario.name,
    })),
  );

  app.get<{ Params: { scopeId: string } }>('/Scopes/:scopeId/YaraRules', async (request) => {
    const scope = known('scope', request.params.scopeId, visible(accountOf(request)));
    return pageOf(scope.yaraRules, request.query, (name) => ({
      id: yaraRuleId(scope, name),
      name,
      description: '',
    }));
  });
}

/** By which restores name the rule they scan with. */
function yaraRuleId(scope: ScopeSpec, name: string): string {
  return stableId(`${scope.id}/yara rule/${name}`);
}

/** `LicenseUsage`, in both spellings that are about: one instance for each machine in a plan. */
export function addLicenseRoutes(app: FastifyInstance, context: VroContext): void {
  const { world } = context;
  const usageOf = (plans: readonly { spec: PlanSpec }[]): Item => ({
    newInstances: 0,
    managedInstances: new Set(
      plans.flatMap(({ spec }) => spec.groups.flatMap((group) => group.vms.map((vm) => vm.name))),
    ).size,
  });

  for (const base of ['/License/Usage', '/LicenseUsage']) {
    app.get(`${base}/Server`, async () => usageOf(world.plans()));

    app.get<{ Params: { scopeId: string } }>(`${base}/Scopes/:scopeId`, async (request) => {
      const { scopes } = accountOf(request);
      const visible = world.scenario.vro.scopes.filter((scope) => scopes.has(scope.id));
      const { id } = known('scope', request.params.scopeId, visible);
      return usageOf(world.plans().filter(({ spec }) => spec.scopeId === id));
    });

    app.get<{ Params: { planId: string } }>(`${base}/Plans/:planId`, async (request) =>
      usageOf([visiblePlan(context, request, request.params.planId)]),
    );
  }
}
