import type { FastifyInstance } from 'fastify';
import { stableId } from '../ids.ts';
import type { GroupSpec, PlanSpec, StepSpec, VmSpec } from '../scenario/plan-spec.ts';
import type { VroContext } from './access.ts';
import { known, visiblePlan } from './access.ts';
import type { Item } from './expressions.ts';
import { groupTraits, vmTraits } from './group-traits.ts';
import { asItIs, pageOf } from './query.ts';

/** What every step has besides parameters of its own. */
function parametersOf(step: StepSpec): Item[] {
  const values = {
    'Critical step': step.isCritical ? 'True' : 'False',
    Timeout: '600',
    Retries: '0',
    ...step.parameters,
  };
  return Object.entries(values).map(([name, value]) => ({
    id: stableId(`${step.id}/parameter/${name}`),
    name,
    description: '',
    value,
  }));
}

function stepInfo({ id, name, actionType, isCritical }: StepSpec, index: number): Item {
  return { id, name, actionType, hidden: false, stepDefinitionUid: id, isCritical, number: index + 1 };
}

function numbered(plan: PlanSpec): Map<VmSpec, number> {
  return new Map(plan.groups.flatMap((group) => group.vms).map((vm, index) => [vm, index + 1]));
}

interface PlanParams {
  planId: string;
}

/** What a plan consists of: groups, their machines, the steps of both, and the steps' parameters. */
export function addPlanContentRoutes(app: FastifyInstance, context: VroContext): void {
  const { scenario } = context.world;

  app.get<{ Params: PlanParams }>('/Plans/:planId/Groups', async (request) => {
    const { spec } = visiblePlan(context, request, request.params.planId);
    return pageOf(spec.groups, request.query, (group) => ({
      id: group.id,
      name: group.name,
      ...groupTraits(group, spec, scenario),
      vmsCount: group.vms.length,
    }));
  });

  app.get<{ Params: PlanParams & { groupId: string } }>(
    '/Plans/:planId/Groups/:groupId/Vms',
    async (request) => {
      const { spec } = visiblePlan(context, request, request.params.planId);
      const numbers = numbered(spec);
      const { vms } = known('group', request.params.groupId, spec.groups);
      return pageOf(vms, request.query, (vm) => ({
        id: vm.id,
        name: vm.name,
        ...vmTraits(vm, numbers.get(vm) ?? 0),
      }));
    },
  );

  app.get<{ Params: PlanParams & { groupId: string } }>(
    '/Plans/:planId/Groups/:groupId/Steps',
    async (request) => {
      const { spec } = visiblePlan(context, request, request.params.planId);
      const { steps } = known('group', request.params.groupId, spec.groups);
      return pageOf(steps, request.query, stepInfo);
    },
  );

  app.get<{ Params: PlanParams & { vmId: string } }>('/Plans/:planId/Vms/:vmId/Steps', async (request) => {
    const { spec } = visiblePlan(context, request, request.params.planId);
    const { steps } = known(
      'VM',
      request.params.vmId,
      spec.groups.flatMap((group) => group.vms),
    );
    return pageOf(steps, request.query, stepInfo);
  });

  app.get<{ Params: PlanParams & { stepId: string } }>(
    '/Plans/:planId/Steps/:stepId/Parameters',
    async (request) => {
      const { spec } = visiblePlan(context, request, request.params.planId);
      const step = known('step', request.params.stepId, spec.groups.flatMap(allSteps));
      return pageOf(parametersOf(step), request.query, asItIs);
    },
  );
}

function allSteps(group: GroupSpec): StepSpec[] {
  return [...group.steps, ...group.vms.flatMap((vm) => vm.steps)];
}
