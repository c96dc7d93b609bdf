import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { queryBoolean, readInput } from '../input.ts';
import type { VroContext } from './access.ts';
import { visiblePlan, visiblePlans } from './access.ts';
import type { Version } from './plan-info.ts';
import { planInfo } from './plan-info.ts';
import { pageOf } from './query.ts';

const listSchema = z.object({ onlyEnabled: queryBoolean.default(false) });

/** `GET /Plans` and `GET /Plans/{planId}`. */
export function addPlanRoutes(app: FastifyInstance, context: VroContext, version: Version): void {
  const { world } = context;
  const shown = {
    vro: world.scenario.vro,
    version,
    nameOf: (planId: string) => world.plan(planId).spec.name,
  };

  app.get('/Plans', async (request) => {
    const { onlyEnabled } = readInput(listSchema, request.query);
    const plans = visiblePlans(context, request).filter(
      ({ situation }) => !onlyEnabled || situation.mode === 'Enabled',
    );
    return pageOf(plans, request.query, (plan) => planInfo(plan, shown));
  });

  app.get<{ Params: { planId: string } }>('/Plans/:planId', async (request) =>
    planInfo(visiblePlan(context, request, request.params.planId), shown),
  );
}
