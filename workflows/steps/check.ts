import { ApplicationFailure } from '@temporalio/common';
import type { CheckStep } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import type { StepEnd } from '../records.ts';

/** Fails unless the expression is true. @throws ExpressionError when it is neither true nor false */
export function runCheck(engine: Engine, { check, path }: CheckStep): StepEnd {
  if (engine.scope.at(path).holds(check)) return { outcome: 'succeeded' };
  throw ApplicationFailure.nonRetryable(`This does not hold: ${check}`, 'step.checkFailed');
}
