import type { FastifyInstance } from 'fastify';
import type { GroupProgress } from '../world/progress.ts';
import type { VroContext } from './access.ts';
import { accountOf, isSame, known, roleNamesOf, visiblePlan } from './access.ts';
import { asItIs, pageOf } from './query.ts';
import {
  groupDetails,
  planDetails,
  remarksOf,
  shownProgress,
  stepDetails,
  vmDetails,
} from './runtime-shapes.ts';

interface PlanParams {
  planId: string;
}

/** The six RuntimeDetails endpoints. */
export function addRuntimeDetailsRoutes(app: FastifyInstance, context: VroContext): void {
  const { scenario } = context.world;
  const base = '/RuntimeDetails/Plans/:planId';

  app.get<{ Params: PlanParams }>(base, async (request) =>
    planDetails(
      visiblePlan(context, request, request.params.planId),
      scenario,
      roleNamesOf(accountOf(request)),
    ),
  );

  app.get<{ Params: PlanParams }>(`${base}/Groups`, async (request) => {
    const plan = visiblePlan(context, request, request.params.planId);
    return pageOf(shownProgress(plan)?.groups ?? [], request.query, (group) =>
      groupDetails(group, plan, scenario),
    );
  });

  /** What is known of a group. Its plan may not have run; a group that it does not have throws. */
  const groupOf = (
    request: Parameters<typeof visiblePlan>[1],
    { planId, groupId }: PlanParams & { groupId: string },
  ): GroupProgress | undefined => {
    const plan = visiblePlan(context, request, planId);
    known('group', groupId, plan.spec.groups);
    return shownProgress(plan)?.groups.find((one) => isSame(one.group.id, groupId));
  };

  app.get<{ Params: PlanParams & { groupId: string } }>(`${base}/Groups/:groupId`, async (request) =>
    pageOf(groupOf(request, request.params)?.vms ?? [], request.query, vmDetails),
  );

  app.get<{ Params: PlanParams & { groupId: string } }>(`${base}/Groups/:groupId/Steps`, async (request) =>
    pageOf(groupOf(request, request.params)?.steps ?? [], request.query, stepDetails),
  );

  app.get<{ Params: PlanParams & { vmId: string } }>(`${base}/Vms/:vmId/Steps`, async (request) => {
    const { planId, vmId } = request.params;
    const plan = visiblePlan(context, request, planId);
    known(
      'VM',
      vmId,
      plan.spec.groups.flatMap((group) => group.vms),
    );
    for (const { vms } of shownProgress(plan)?.groups ?? []) {
      const vm = vms.find((one) => isSame(one.vm.id, vmId));
      if (vm !== undefined) return pageOf(vm.steps, request.query, stepDetails);
    }
    return pageOf([], request.query, asItIs);
  });

  app.get<{ Params: PlanParams & { stepId: string } }>(`${base}/Steps/:stepId`, async (request) => {
    const { planId, stepId } = request.params;
    const groups = shownProgress(visiblePlan(context, request, planId))?.groups;
    if (groups === undefined) return pageOf([], request.query, asItIs);
    const steps = groups.flatMap((group) => [...group.steps, ...group.vms.flatMap((vm) => vm.steps)]);
    known(
      'step',
      stepId,
      steps.map((one) => one.step),
    );
    return pageOf(remarksOf(steps.find((one) => isSame(one.step.id, stepId))), request.query, asItIs);
  });
}
