import { Context } from '@temporalio/activity';
import { textOf } from '../../src/model/json.ts';
import type { ActionResult, PollInput } from '../contract.ts';
import type { Deps, VroConnection } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { StepError, toStepError } from '../step-error.ts';
import { failedVms } from './failed-vms.ts';
import { findPlan, type PlanView } from './plan-view.ts';

/** The states of a plan whose DataLab test runs are known by their names only; see docs/veeam.md. */
const IS_TEST = /test|power(ing)?\s?off/i;
/** How the sentences of the watch begin while a test runs; a worker that takes over knows it by them. */
const TEST_SEEN = 'test: ';

/**
 * Watches a DataLab test of a plan to its end. VRO's API cannot start one: somebody does in VRO, before or while this
 * watches. The result of a test that was over before the step began is not this one's, and is never taken for it.
 *
 * @throws StepError `vro.testFailed`
 */
export async function watchTest(deps: Deps, input: PollInput): Promise<ActionResult> {
  const connection = deps.vro(input.connection);
  const { cancellationSignal: signal, info } = Context.current();
  return beating(input.path, async (say) => {
    const { id } = await findPlan(connection, textOf(input.with['plan']) ?? '', signal);
    const isOurs = recognition({ began: info.scheduledTimestampMs, wasSeen: sawTest(info.heartbeatDetails) });
    for (let polls = 1; ; polls += 1) {
      const look = await connection.poller.next(connection, id, signal);
      if ('error' in look) {
        const { passing, message } = toStepError(look.error);
        if (!passing) throw look.error;
        say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
        continue;
      }
      const { view } = look;
      if (isOurs(view) && hasEnded(view)) return conclude(connection, view, polls, signal);
      say(progressOf(view), view.progress);
    }
  });
}

/**
 * Tells whether what a look shows is the test of this step: one that was seen running, or that ended after the step
 * began while nobody could see it. Other work ends as well, and leaves the result of an old test as it was.
 */
function recognition(step: { began: number; wasSeen: boolean }): (view: PlanView) => boolean {
  let { wasSeen } = step;
  let isOtherWork = false;
  let endOfOtherWork: string | null = null;
  return (view) => {
    const isBusy = view.position === 'active';
    wasSeen ||= isBusy && isTest(view);
    if (isOtherWork && !isBusy) endOfOtherWork = view.finishTime;
    isOtherWork = isBusy && !isTest(view);
    const { finishTime } = view;
    const isLate = finishTime !== null && Date.parse(finishTime) >= step.began;
    return wasSeen || (isLate && finishTime !== endOfOtherWork);
  };
}

function isTest({ stateName }: PlanView): boolean {
  return IS_TEST.test(stateName);
}

/** A test that halts goes on only when it is reset: for the step it is over. */
function hasEnded(view: PlanView): boolean {
  if (view.position === 'active') return false;
  return isTest(view) ? view.position === 'halted' : view.testResult !== 'Undefined';
}

async function conclude(
  connection: VroConnection,
  view: PlanView,
  polls: number,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { failed, more } = await failedVms(connection, view.id, signal);
  const { id, name, stateName, testResult: result } = view;
  const output = { plan: { id, name }, result, stateName, failed, more, polls };
  const isHalted = view.position === 'halted';
  if (!isHalted && result === 'Success') return { output };
  if (!isHalted && result === 'Warning') return { output, outcome: 'warned' };
  const first = failed[0];
  const because = first === undefined ? '' : ` ${first.vm}, ${first.step}: ${first.info}`;
  const how = isHalted ? 'halted' : 'failed';
  throw new StepError('vro.testFailed', `The test of ${name} ${how}.${because}`, { details: output });
}

function progressOf(view: PlanView): string {
  const { stateName, progress, position } = view;
  const isTesting = position === 'active' && isTest(view);
  return isTesting ? `${TEST_SEEN}${stateName} ${progress} %` : `${stateName}, no test seen yet`;
}

/** Whether another worker has seen the test run, in the words of its heartbeat. */
function sawTest(details: unknown): boolean {
  return (
    typeof details === 'object' &&
    details !== null &&
    'says' in details &&
    String(details.says).startsWith(TEST_SEEN)
  );
}
