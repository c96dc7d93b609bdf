import { ApplicationFailure } from '@temporalio/common';
import { ExpressionError } from '../../src/model/expression.ts';
import type { StepFailure } from '../../src/model/failure.ts';
import { without, type JsonObject } from '../../src/model/json.ts';
import type { Accept } from '../../src/model/runbook.ts';
import { INLINE_CHARACTERS, keepDocument } from '../documents.ts';
import type { StepEnd } from '../records.ts';
import type { ScopeOf } from '../scope.ts';
import type { TaskHold } from '../task-hold.ts';

/** How a step came out, when the runbook accepts it. @throws ApplicationFailure `step.notAccepted` */
export function acceptEnd(scope: ScopeOf, accept: Accept, end: StepEnd): StepEnd {
  if (end.outcome !== 'warned') return end;
  const { output = {} } = end;
  const said = end.reason === undefined ? '' : ` (${end.reason})`;
  const refused = accept.warnings ? refusalOf(scope, accept, output) : '`accept.warnings` is false';
  if (refused === undefined) return end;
  throw ApplicationFailure.create({
    message: `The step ended with warnings${said}, and ${refused}.`,
    type: 'step.notAccepted',
    nonRetryable: true,
    details: [output],
  });
}

/**
 * How a step came out that failed, when the runbook accepts what is left: a plan that ended, some of whose machines did
 * not come through. A plan that halted has not ended, and is never accepted.
 *
 * @throws ApplicationFailure the failure, when it is not accepted
 */
export async function acceptFailure(
  scope: ScopeOf,
  accept: Accept,
  { failure, hold }: { failure: StepFailure; hold: TaskHold },
): Promise<StepEnd> {
  const { details = {} } = failure;
  const output = without(details, ['acceptable', 'position', 'retryLegal']);
  const isEligible = details['acceptable'] === true && accept.if !== undefined;
  const refused = isEligible ? refusalOf(scope, accept, output) : '';
  if (refused === undefined) {
    const end: StepEnd = { outcome: 'warned', output, reason: `accepted: ${failure.message}` };
    if (JSON.stringify(output).length <= INLINE_CHARACTERS) return end;
    return { ...end, outputDigest: await hold.inTask(() => keepDocument(output)) };
  }
  throw ApplicationFailure.create({
    message: refused === '' ? failure.message : `${failure.message} Not accepted: ${refused}.`,
    type: failure.code,
    nonRetryable: true,
    ...(failure.details === undefined ? {} : { details: [failure.details] }),
  });
}

/** Why `accept.if` does not accept this output; one that cannot be evaluated accepts nothing. */
function refusalOf(scope: ScopeOf, { if: condition }: Accept, output: JsonObject): string | undefined {
  if (condition === undefined) return undefined;
  try {
    return scope.holds(condition, { output }) ? undefined : `this does not hold: ${condition}`;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return `\`accept.if\` cannot be evaluated: ${error.message}`;
  }
}
