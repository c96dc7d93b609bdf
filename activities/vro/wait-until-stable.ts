import { Context } from '@temporalio/activity';
import { isActionName, specOf, type PlanPosition, type SettledPlan } from '../../src/catalog/index.ts';
import { textOf } from '../../src/model/json.ts';
import type { CommandDone } from '../../src/model/run.ts';
import type { ActionResult, PollInput } from '../contract.ts';
import type { Deps, VroConnection } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { shortName } from '../read.ts';
import { StepError, toStepError } from '../step-error.ts';
import { failedVms, isFailedResult } from './failed-vms.ts';
import { findPlan, hasMoved, type PlanView } from './plan-view.ts';

/** Two reads in a row: one alone may fall between two operations of the same execution. */
const STABLE_READS = 2;
/** After so many lags in a row in which nothing can be told, waiting longer tells nothing either. */
const PATIENCE_IN_LAGS = 10;
const GOOD_RESULTS: ReadonlySet<string> = new Set(['Success', 'Undefined']);

/**
 * Watches a plan until it has settled after a command, or, without one, until nothing runs on it. A server that is
 * away is waited for; the step's timeout bounds it all.
 *
 * @throws StepError `vro.planHalted`, `vro.planFailed`, `vro.unknownState`
 */
export async function waitUntilStable(deps: Deps, input: PollInput): Promise<ActionResult> {
  const connection = deps.vro(input.connection);
  const signal = Context.current().cancellationSignal;
  return beating(input.path, async (say) => {
    const { id } = await findPlan(connection, textOf(input.with['plan']) ?? '', signal);
    const patienceMs = PATIENCE_IN_LAGS * connection.effectLagMs;
    let lastSign = deps.monotonic();
    let stableReads = 0;
    // Once it was seen at work after the command, wherever it then rests is the end of it.
    let wasActive = false;
    for (let polls = 1; ; polls += 1) {
      const view = await look(connection, id, signal, say);
      // A server that is away says nothing; what it had said long ago must not end the waiting when it is back.
      if (view === undefined || !isSilent(view, input.command)) lastSign = deps.monotonic();
      if (view !== undefined) {
        say(progressOf(view), view.progress);
        wasActive ||= view.position === 'active';
        stableReads = isSettled(view, wasActive ? undefined : input.command) ? stableReads + 1 : 0;
        if (stableReads === STABLE_READS) return conclude(connection, view, input.command, polls, signal);
        const isOver = deps.monotonic() - lastSign > patienceMs;
        if (isOver) return concludeSilent(connection, view, input.command, polls, signal);
      }
    }
  });
}

/** One look; a server that cannot be reached is no news about the plan. */
async function look(
  connection: VroConnection,
  id: string,
  signal: AbortSignal,
  say: (says: string) => void,
): Promise<PlanView | undefined> {
  const next = await connection.poller.next(connection, id, signal);
  if ('view' in next) return next.view;
  const { passing, message } = toStepError(next.error);
  if (!passing) throw next.error;
  say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
  return undefined;
}

function isSettled(view: PlanView, command: CommandDone | undefined): boolean {
  if (view.position === 'active' || view.position === 'unknown') return false;
  return command === undefined || hasMoved(command.baseline, view);
}

/**
 * Whether nothing can be told: the command has left no sign, or the plan rests where no name is known for. An unknown
 * name without details, other than before, is a sign: a rebooted Orchestrator has forgotten what it is doing.
 */
function isSilent(view: PlanView, command: CommandDone | undefined): boolean {
  switch (view.position) {
    case 'active':
      return false;
    case 'unknown':
      return view.detailsKnown || view.state === command?.baseline['state'];
    case 'default':
    case 'halted':
    case 'failover':
    case 'failback':
    case 'prepareToFailback':
    case 'undone':
    case 'committed':
    case 'permanent':
    case 'restored':
      return command !== undefined && !hasMoved(command.baseline, view);
  }
}

async function conclude(
  connection: VroConnection,
  view: PlanView,
  command: CommandDone | undefined,
  polls: number,
  signal: AbortSignal,
): Promise<ActionResult> {
  const found = await failedVms(connection, view.id, signal);
  const result = resultOf(view, command);
  const output: SettledPlan = {
    plan: { id: view.id, name: view.name },
    state: view.state,
    stateName: view.stateName,
    result,
    resultName: view.resultName,
    ...found,
    startedAt: view.startTime,
    finishedAt: view.finishTime,
    polls,
  };
  const spec = command !== undefined && isActionName(command.action) ? specOf(command.action) : undefined;
  const details = {
    ...output,
    position: view.position,
    retryLegal: spec?.legal?.states.includes(view.position) ?? false,
  };
  const first = found.failed[0];
  const because = first === undefined ? view.resultName : `${first.vm}, ${first.step}: ${first.info}`;
  if (view.position === 'halted' && command?.action !== 'vro.halt') {
    throw new StepError('vro.planHalted', `${view.name} halted. ${because}`, { details });
  }
  const expected: readonly PlanPosition[] | undefined = spec?.leadsTo;
  if (expected !== undefined && !expected.includes(view.position)) {
    throw new StepError(
      'vro.planFailed',
      `${view.name} came to rest in "${view.stateName}", where ${command?.action ?? ''} does not lead. Somebody may have acted in VRO.`,
      { details },
    );
  }
  if (isFailedResult(result)) {
    // What the runbook's `accept` may let pass. Not what nobody can name: lost details, or an error of no machine.
    const acceptable = view.detailsKnown && found.failed.length > 0;
    throw new StepError('vro.planFailed', `${view.name} ended with errors. ${because}`, {
      details: { ...details, acceptable },
    });
  }
  // A reset forgets the execution: that is what it is for.
  const isLost =
    !view.detailsKnown && result === 'Undefined' && command !== undefined && command.action !== 'vro.reset';
  const notes = [
    ...(isLost ? ['the Orchestrator lost the details of the execution; only its end is known'] : []),
    ...(result === 'Warning' || GOOD_RESULTS.has(result)
      ? []
      : [`VRO calls the result "${shortName(result)}", which muster does not know; look at the plan in VRO`]),
  ];
  return {
    output,
    // Only what is known to be good is a success.
    outcome: isLost || !GOOD_RESULTS.has(result) ? 'warned' : 'succeeded',
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

/** Nothing could be told for long. */
async function concludeSilent(
  connection: VroConnection,
  view: PlanView,
  command: CommandDone | undefined,
  polls: number,
  signal: AbortSignal,
): Promise<ActionResult> {
  // A plan that goes on and halts again between two looks has not moved; it is halted all the same.
  if (view.position === 'halted') return conclude(connection, view, command, polls, signal);
  const what =
    view.position === 'unknown'
      ? 'which is not a state that muster knows'
      : `and shows no sign of ${command?.action ?? 'anything'}; the Orchestrator may have been restarted`;
  throw new StepError(
    'vro.unknownState',
    `${view.name} is in "${view.stateName}", ${what}. Look at the plan in VRO, then decide.`,
    { details: { state: view.state, stateName: view.stateName, position: view.position } },
  );
}

/** The result of the command that is watched: a check has one of its own. Lost details leave VRO's sentence. */
function resultOf(view: PlanView, command: CommandDone | undefined): string {
  if (command?.action === 'vro.readinessCheck') return view.checkResult;
  if (view.runResult !== 'Undefined') return view.runResult;
  const [, errors] = /(\d+) error/i.exec(view.resultName) ?? [];
  if (errors !== undefined) return 'Error';
  if (/\d+ warning/i.test(view.resultName)) return 'Warning';
  return /no errors/i.test(view.resultName) ? 'Success' : 'Undefined';
}

function progressOf({ stateName, progress, detailsKnown, position }: PlanView): string {
  if (position === 'active') return `${stateName} ${progress} %`;
  return detailsKnown ? stateName : `${stateName} (no details of an execution)`;
}
