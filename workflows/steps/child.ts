import { ApplicationFailure, ChildWorkflowFailure } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  isCancellation,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { RunResult, StepRecord } from '../../src/model/run.ts';
import type { CompiledRunbook, RunbookStep } from '../../src/model/runbook.ts';
import { typedInput } from '../../src/model/typed-value.ts';
import { INLINE_CHARACTERS, keepDocument, loadRunbook } from '../documents.ts';
import type { Engine } from '../engine.ts';
import type { StepEnd } from '../records.ts';
import { RUNBOOK_WORKFLOW } from '../messages.ts';
import { attributesOf } from '../search-attributes.ts';
import type { runbook } from '../runbook-workflow.ts';

/**
 * Runs another runbook as a run of its own, and waits for its end. Its gates are its own; who cancels this run cancels
 * that one, whose cleanup still runs.
 *
 * @throws Stopped, BranchStopped after that run has ended; ApplicationFailure `step.runbookFailed`, `step.badInput`
 */
export async function runChild(engine: Engine, step: RunbookStep, record: StepRecord): Promise<StepEnd> {
  const { runId, mode, purpose, starter, authors } = engine.state.identity;
  const { answerWithinMs, declaredAt } = engine.state;
  const compiled = await engine.hold.inTask(() => loadRunbook(step.digest));
  const inputs = inputsOf(compiled, { ...engine.scope.at(step.path).render(step.with), ...record.corrected });
  const childId = `${runId}.${step.path.replaceAll('/', '.')}${record.attempt > 1 ? `.${record.attempt}` : ''}`;
  const result = await engine.withChild(async () => {
    const child = await startChild<typeof runbook>(RUNBOOK_WORKFLOW, {
      workflowId: childId,
      args: [
        {
          runbook: step.runbook,
          runbookDigest: step.digest,
          mode,
          purpose,
          inputs,
          starter,
          ...(authors === undefined ? {} : { authors }),
          ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
          ...(declaredAt === undefined ? {} : { declaredAt }),
          parent: { runId, path: step.path },
        },
      ],
      typedSearchAttributes: attributesOf({ runbook: step.runbook, mode }),
      // It finishes what it has begun and cleans up, whatever becomes of this run.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
    record.child = { runId: childId, firstExecutionId: child.firstExecutionRunId };
    return resultOf(childId, () => child.result());
  });
  if (result.waits !== undefined) record.waits = [...(record.waits ?? []), ...result.waits];
  // It was cancelled with this step, which has not failed then.
  if (result.outcome === 'cancelled') engine.interruption.check();
  return endOf(engine, childId, result);
}

/** A run that was ended from outside answers nothing. */
async function resultOf(runId: string, wait: () => Promise<RunResult>): Promise<RunResult> {
  try {
    return await wait();
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure) || isCancellation(error)) throw error;
    throw runbookFailed(runId, 'broken off');
  }
}

async function endOf(
  { hold }: Engine,
  runId: string,
  { outcome, outputs = {} }: RunResult,
): Promise<StepEnd> {
  if (outcome !== 'succeeded' && outcome !== 'warned') {
    throw runbookFailed(runId, outcome);
  }
  const end: StepEnd = { outcome, output: outputs };
  if (JSON.stringify(outputs).length <= INLINE_CHARACTERS) return end;
  return { ...end, outputDigest: await hold.inTask(() => keepDocument(outputs)) };
}

function runbookFailed(runId: string, outcome: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `The run ${runId} ended as ${outcome}. Look at it: npx muster show ${runId}`,
    type: 'step.runbookFailed',
    nonRetryable: true,
    details: [{ runId, outcome }],
  });
}

/** What a runbook is started with, with its types and defaults. @throws ApplicationFailure `step.badInput` */
function inputsOf({ name, inputs }: CompiledRunbook, given: JsonObject): JsonObject {
  const typed: [string, Json][] = [];
  for (const [key, spec] of Object.entries(inputs)) {
    const value = given[key] ?? spec.default;
    if (value === undefined && spec.requiredBy !== undefined) continue;
    const read = typedInput(value, spec, { readTexts: false });
    if (!('value' in read)) {
      const message = `The runbook ${name} cannot be started: \`${key}\`: ${read.message}`;
      throw ApplicationFailure.nonRetryable(message, 'step.badInput');
    }
    typed.push([key, read.value]);
  }
  return Object.fromEntries(typed);
}
