import { specOf, type InputOf } from '../../src/catalog/index.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import type { RecoveryPlan } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VroConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';
import { StepError } from '../step-error.ts';
import { findPlan, viewPlan } from './plan-view.ts';
import { assertTaken } from './taken.ts';

/** How a plan is scheduled: at a time, or after another plan. Its state tells nothing of it, only the plan itself does. */
export function scheduleDriver(connection: VroConnection, input: CommandInput): CommandDriver {
  const { plan, at, after } = specOf('vro.schedulePlan').input.parse(
    input.with,
  ) as InputOf<'vro.schedulePlan'>;
  const wantedOf = async (): Promise<string> =>
    at === undefined ? `after ${(await findPlan(connection, after ?? '')).id}` : timeText(at);
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const [found, wanted] = await Promise.all([findPlan(connection, plan), wantedOf()]);
      const view = await viewPlan(connection, found.id);
      const schedule = scheduleOf(found);
      const observed = {
        target: `${connection.name}/plan/${found.id}`,
        targetName: found.name,
        baseline: { schedule },
        stateClass: `${view.position} ${view.mode} ${schedule}`,
      };
      const output = outputOf(found, wanted);
      if (schedule === wanted) {
        return { ...observed, satisfied: { note: `nothing to do: ${found.name} runs ${wanted}`, output } };
      }
      if (view.position === 'default' && view.mode !== 'Disabled') return observed;
      return {
        ...observed,
        illegal: new StepError(
          'vro.illegalState',
          `${found.name} cannot be scheduled: it is in "${view.stateName}" and ${view.mode}; it must be at rest and enabled. Nothing was sent.`,
          { details: { stateName: view.stateName, position: view.position, mode: view.mode } },
        ),
      };
    },
    send: async ({ target }, beforeSend) => {
      const id = idOf(target);
      const options = { beforeSend };
      const { schedule } = connection.client;
      const previousPlanId = at === undefined ? (await findPlan(connection, after ?? '')).id : '';
      assertTaken(
        connection.name,
        at === undefined
          ? await schedule.saveRunAfter(id, { previousPlanId }, options)
          : await schedule.saveTime(id, { startTime: at }, options),
      );
      return outputOf(await findPlan(connection, id), await wantedOf());
    },
    look: async () => {
      const found = await findPlan(connection, plan);
      const wanted = await wantedOf();
      return scheduleOf(found) === wanted
        ? { saw: 'happened', output: outputOf(found, wanted) }
        : { saw: 'nothing' };
    },
  };
}

/** How a plan's schedule is removed. */
export function unscheduleDriver(connection: VroConnection, input: CommandInput): CommandDriver {
  const { plan } = specOf('vro.unschedulePlan').input.parse(input.with) as InputOf<'vro.unschedulePlan'>;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const found = await findPlan(connection, plan);
      const schedule = scheduleOf(found);
      const observed = {
        target: `${connection.name}/plan/${found.id}`,
        targetName: found.name,
        baseline: { schedule },
        stateClass: schedule,
      };
      if (schedule !== '') return observed;
      const note = `nothing to do: ${found.name} has no schedule`;
      return { ...observed, satisfied: { note, output: outputOf(found, '') } };
    },
    send: async ({ target }, beforeSend) => {
      assertTaken(connection.name, await connection.client.schedule.delete(idOf(target), { beforeSend }));
      return outputOf(await findPlan(connection, idOf(target)), '');
    },
    look: async () => {
      const found = await findPlan(connection, plan);
      return scheduleOf(found) === '' ? { saw: 'happened', output: outputOf(found, '') } : { saw: 'nothing' };
    },
  };
}

function idOf(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

function outputOf({ id, name, stateName }: RecoveryPlan, schedule: string): JsonObject {
  return { plan: { id, name }, stateName: stateName ?? '', schedule };
}

function timeText(time: string): string {
  return `at ${new Date(time).toISOString()}`;
}

/**
 * When or after which plan a plan runs; empty when it does not by itself. Where VRO keeps this is a guess: in the plan,
 * or in a `schedule` of its own, with the names of its second version (docs/veeam.md).
 */
function scheduleOf(plan: RecoveryPlan): string {
  const own: unknown = plan['schedule'];
  const { scheduleEnabled, scheduleType, scheduleTime, scheduleAfter } = (
    typeof own === 'object' && own !== null ? own : plan
  ) as Readonly<Record<string, unknown>>;
  if (scheduleEnabled !== true) return '';
  const time = textOf(scheduleTime);
  const previous = textOf(scheduleAfter);
  if (/after/i.test(textOf(scheduleType) ?? '') && previous !== undefined) return `after ${previous}`;
  return time === undefined || Number.isNaN(Date.parse(time)) ? 'at an unknown time' : timeText(time);
}
