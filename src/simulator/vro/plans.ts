import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { queryBoolean, readInput } from '../input.ts';
import type { ScenarioSpec } from '../scenario.ts';
import type { PlanNow } from '../world/world.ts';
import { describeStable, describeState } from '../world/states.ts';
import { resultNameOf } from './result-name.ts';
import { pageOf } from './query.ts';

const listSchema = z.object({ onlyEnabled: queryBoolean.default(false) });

/** A plan as `GET /Plans` shows it. It knows nothing of progress: that is in RuntimeDetails. */
export function planInfo(plan: PlanNow, { vro }: ScenarioSpec): Readonly<Record<string, unknown>> {
  const { spec, situation } = plan;
  const { state, stateName } = describeState(situation);
  const stable = describeStable(situation);
  return {
    id: spec.id,
    name: spec.name,
    description: spec.description,
    planType: spec.planType,
    planMode: situation.mode,
    planVerificationState: situation.verification,
    recoveryLocationId: vro.recoveryLocation.id,
    recoveryLocationName: vro.recoveryLocation.name,
    recoveryLocationType: spec.planType,
    siteScopeId: vro.scope.id,
    siteScopeName: vro.scope.name,
    state,
    stateName,
    resultName: resultNameOf(plan),
    lastStableState: stable.state,
    lastStableStateName: stable.stateName,
    currentTestResult: 'Undefined',
    currentCheckResult: situation.checkResult,
    lastCheckResult: situation.checkResult,
  };
}

/** `GET /Plans` and `GET /Plans/{planId}`. */
export function addPlanRoutes(app: FastifyInstance, { world }: ServerContext): void {
  app.get('/Plans', async ({ query }) => {
    const { onlyEnabled } = readInput(listSchema, query);
    const plans = world.plans().filter((plan) => !onlyEnabled || plan.situation.mode === 'Enabled');
    return pageOf(
      plans.map((plan) => planInfo(plan, world.scenario)),
      query,
    );
  });

  app.get<{ Params: { planId: string } }>('/Plans/:planId', async ({ params }) =>
    planInfo(world.plan(params.planId), world.scenario),
  );
}
