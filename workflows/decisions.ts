import type { StepFailure } from '../src/model/failure.ts';
import { DECIDING_ROLE, type ApprovalPolicy } from '../src/model/approval.ts';
import { spokenApprovers } from '../src/model/approvers.ts';
import { allDecisionRules, decideFailure, decisionRulesOf } from '../src/model/decision-rules.ts';
import { formatDuration } from '../src/model/duration.ts';
import { isJsonObject, textOf } from '../src/model/json.ts';
import { offersAfter } from '../src/model/offers.ts';
import type { CommandDone, DecisionTaken, Gate, StepRecord } from '../src/model/run.ts';
import type { Step } from '../src/model/runbook.ts';
import { isRunRequest, type VerifiedVote } from '../src/model/vote.ts';
import type { Engine } from './engine.ts';
import { waitAtGate } from './gates.ts';
import { whileNoticing } from './notice.ts';
import { noWindow } from './window.ts';
import { reopenBranches, reopenFailed } from './collect.ts';
import { noteDecision, passStep, type StepEnd } from './records.ts';
import { phaseOf } from './run-state.ts';
import { commandPlan } from './steps/command.ts';

/**
 * Asks people what to do about the failure of a step and carries it out: `again` when the step is to be performed again (from
 * where its record now says), or how it ended.
 *
 * @throws Suspended, Stopped; and whatever a command of the decision throws
 */
export async function decide(engine: Engine, step: Step, record: StepRecord): Promise<'again' | StepEnd> {
  const { failure } = record;
  if (failure === undefined) return 'again';
  const taken = record.todo ?? (await ask(engine, step, record, failure));
  record.todo = taken;
  const reason = `${taken.person}: ${taken.comment ?? taken.decision}`;
  switch (taken.decision) {
    case 'retry':
      if (step.kind === 'forEach') reopenFailed(engine, step);
      if (step.kind === 'parallel') reopenBranches(engine, step);
      if (taken.values !== undefined) {
        record.corrected = { ...record.corrected, ...taken.values };
        delete record.grant;
      }
      return startOver(record);
    case 'keepWaiting':
      // Of a window that was missed: only those that are still to come count now.
      if (failure.code === 'step.windowMissed') record.window = noWindow();
      return goOn(record);
    case 'runNow':
      record.window = { ...noWindow(), entered: true };
      return goOn(record);
    case 'adopt':
      if (!isOwnWatched(record, failure)) record.command = adopted(failure);
      return goOn(record);
    case 'continue':
      await commandPlan(engine, step, record, taken, 'vro.continue', {
        option: taken.option ?? 'RetryFailedStep',
      });
      return goOn(record);
    case 'halt':
      await haltPlan(engine, step, record, taken);
      return goOn(record);
    case 'done':
      return {
        outcome: 'succeeded',
        reason: `done by hand, ${reason}`,
        output: taken.values ?? record.output ?? {},
      };
    case 'skip':
      if (failure.code === 'step.itemsFailed') return { outcome: 'warned', reason: `left out, ${reason}` };
      passStep(engine.state, step, `skipped, ${reason}`, engine.now());
      return { outcome: 'skipped', reason: `skipped, ${reason}` };
    case 'rollback':
      engine.state.rollingBack = true;
      engine.stop('failed');
      return { outcome: 'failed', reason: `taken back, ${reason}` };
    case 'abort':
      engine.stop('failed');
      return { outcome: 'failed', reason: `aborted, ${reason}` };
    case 'approve':
    case 'reject':
    case 'answer':
    case 'withdraw':
      throw new Error('an approval is no decision');
  }
}

async function ask(
  engine: Engine,
  step: Step,
  record: StepRecord,
  failure: StepFailure,
): Promise<DecisionTaken> {
  const isCommand = step.kind === 'uses' && step.action.effect === 'command';
  const isOfPlan = isCommand && step.action.target?.kind === 'plan';
  const isSent = record.command !== undefined;
  const { answerWithinMs } = engine.state;
  const asking = () =>
    waitAtGate(
      engine,
      record,
      {
        kind: 'decision',
        title: `${record.title}: ${failure.message}`,
        policy: policyOf(engine),
        offers: offersAfter(failure, {
          isCommand,
          isSent,
          isOfPlan,
          canRollBack: engine.state.toTakeBack().length > 0,
        }),
        covers: () => [],
        failure,
        ...(answerWithinMs === undefined ? {} : { timeoutMs: answerWithinMs }),
      },
      { hold: answerWithinMs === undefined },
    );
  await whileNoticing(engine, step, record, failure, asking);
  const { gate } = record;
  const noticed = gate?.closedBy === 'noticed' ? record.decisions?.at(-1) : undefined;
  if (noticed !== undefined) return noticed;
  if (gate?.closedBy === 'timeout') return unanswered(engine, record, failure, gate);
  const votes = gate === undefined ? [] : decidingVotes(gate);
  const [vote] = votes;
  if (gate === undefined || vote === undefined || isRunRequest(vote.decision)) {
    throw new Error('a gate closed without a vote');
  }
  const comments = votes.flatMap(({ comment }) => comment ?? []);
  const taken: DecisionTaken = {
    decision: vote.decision,
    ...(vote.option === undefined ? {} : { option: vote.option }),
    ...(vote.values === undefined ? {} : { values: vote.values }),
    person: spokenApprovers(votes),
    ...(comments.length === 0 ? {} : { comment: comments.join('; ') }),
    at: gate.closedAt ?? engine.now(),
    attempt: record.attempt,
    failure: failure.code,
    cover: {
      gate: record.path,
      nonce: gate.nonce,
      digest: gate.digest,
      covered: [],
      votes: votes.map(({ jws }) => jws),
    },
  };
  noteDecision(engine.state, record, taken);
  return taken;
}

/**
 * Nobody has answered in the time that the run was given, as a drill is that starts by itself: what it has done is taken
 * back. While that is being done already, the step is left as it is.
 */
function unanswered({ state }: Engine, record: StepRecord, failure: StepFailure, gate: Gate): DecisionTaken {
  const { path, attempt } = record;
  const taken: DecisionTaken = {
    decision: phaseOf(path) === 'steps' ? 'rollback' : 'abort',
    person: state.identity.starter,
    comment: `nobody has answered within ${formatDuration(state.answerWithinMs ?? 0)}`,
    at: gate.closedAt ?? 0,
    attempt,
    failure: failure.code,
    cover: { gate: path, nonce: gate.nonce, digest: gate.digest, covered: [], votes: [] },
  };
  noteDecision(state, record, taken);
  return taken;
}

/** Who may decide: as the runbook says, or one operator. */
function policyOf({ state }: Engine): ApprovalPolicy {
  const { starter } = state.identity;
  if (state.runbook.decisions === undefined) {
    return { rules: [{ role: DECIDING_ROLE, count: 1 }], exclude: [], starter };
  }
  const decisions = decisionRulesOf(state.runbook);
  return { rules: allDecisionRules(decisions), exclude: [], starter, decisions };
}

/** The votes that together took the decision. */
function decidingVotes({ votes, policy }: Gate): readonly VerifiedVote[] {
  if (policy.decisions === undefined) return votes.slice(0, 1);
  const decided = decideFailure(votes, policy.decisions);
  return decided.state === 'taken' ? decided.votes : [];
}

/**
 * Halts the plan. The step goes on watching its own command, not the halt: a plan at a halt is what people are asked
 * about next, and no success.
 */
async function haltPlan(engine: Engine, step: Step, record: StepRecord, taken: DecisionTaken): Promise<void> {
  const { command } = record;
  await commandPlan(engine, step, record, taken, 'vro.halt', { fullStop: true });
  if (command === undefined) delete record.command;
  else record.command = command;
}

/** The step begins again, as a new attempt. */
function startOver(record: StepRecord): 'again' {
  record.state = 'pending';
  delete record.command;
  delete record.window;
  return goOn(record);
}

/** The step is performed on from where it is. */
function goOn(record: StepRecord): 'again' {
  delete record.failure;
  delete record.todo;
  // Acted on: the next failure opens a gate of its own. What was decided stays in `decisions`.
  delete record.gate;
  delete record.dueAt;
  return 'again';
}

/** Whether an adoption leaves the step watching what it has sent itself: somebody acted in VRO, or the plan was halted. */
function isOwnWatched({ command, gate }: StepRecord, { details }: StepFailure): boolean {
  return gate?.closedBy === 'noticed' || (command !== undefined && details?.['action'] === 'vro.halt');
}

/** The command that a person says is ours; the failure carries what is known of it. */
function adopted({ details }: StepFailure): CommandDone {
  const { action, target, baseline } = details ?? {};
  return {
    action: textOf(action) ?? '',
    how: 'adopted',
    target: textOf(target) ?? '',
    baseline: isJsonObject(baseline) ? baseline : {},
    note: 'adopted by a person',
  };
}
