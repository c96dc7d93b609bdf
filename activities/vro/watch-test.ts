import { Context } from '@temporalio/activity';
import { textOf } from '../../src/model/json.ts';
import type { ActionResult, PollInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { StepError, toStepError } from '../step-error.ts';
import { failedVms } from './failed-vms.ts';
import { findPlan } from './plan-view.ts';

/** The states of a plan whose DataLab test runs are known by their names only; see docs/veeam.md. */
const IS_TESTING = /test|power(ing)?\s?off/i;

/**
 * Watches a DataLab test of a plan to its end. VRO's API cannot start one: somebody does in VRO, before or while this
 * watches. A test that has ended already when the watching begins counts, so that a restarted worker misses none.
 *
 * @throws StepError `vro.testFailed`
 */
export async function watchTest(deps: Deps, input: PollInput): Promise<ActionResult> {
  const connection = deps.vro(input.connection);
  const signal = Context.current().cancellationSignal;
  return beating(input.path, async (say) => {
    const { id } = await findPlan(connection, textOf(input.with['plan']) ?? '', signal);
    for (let polls = 1; ; polls += 1) {
      const look = await connection.poller.next(connection, id, signal);
      if ('error' in look) {
        const { passing, message } = toStepError(look.error);
        if (!passing) throw look.error;
        say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
        continue;
      }
      const { view } = look;
      const isRunning = IS_TESTING.test(view.stateName) && !/halted/i.test(view.stateName);
      say(isRunning ? `${view.stateName} ${view.progress} %` : `${view.stateName}, no test result yet`);
      if (isRunning || view.testResult === 'Undefined') continue;
      const { failed, more } = await failedVms(connection, id, signal);
      const output = {
        plan: { id, name: view.name },
        result: view.testResult,
        stateName: view.stateName,
        failed,
        more,
        polls,
      };
      if (view.testResult === 'Success') return { output };
      if (view.testResult === 'Warning') return { output, outcome: 'warned' };
      const first = failed[0];
      const because = first === undefined ? '' : ` ${first.vm}, ${first.step}: ${first.info}`;
      throw new StepError('vro.testFailed', `The test of ${view.name} failed.${because}`, {
        details: { output },
      });
    }
  });
}
