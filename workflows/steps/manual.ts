import { ApplicationFailure } from '@temporalio/common';
import { answersOf } from '../../src/model/manual.ts';
import { textOf } from '../../src/model/json.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { ManualStep } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import { waitAtGate } from '../gates.ts';
import type { StepEnd } from '../records.ts';

/**
 * Waits until somebody has done something and says how it came out.
 *
 * @throws ApplicationFailure `step.manualFailed` when the answer means so, or nobody answered in time; Suspended, Stopped
 */
export async function runManual(engine: Engine, step: ManualStep, record: StepRecord): Promise<StepEnd> {
  const { by, fields, escalate, timeoutMs, onTimeout, answers } = step;
  const instructions =
    step.instructions === undefined ? undefined : engine.scope.at(step.path).value(step.instructions);
  const closed = await waitAtGate(
    engine,
    record,
    {
      kind: 'manual',
      title: record.title,
      policy: {
        rules: by.map((role) => ({ role, count: 1 })),
        exclude: [],
        starter: engine.state.identity.starter,
      },
      offers: answersOf(step),
      covers: () => [],
      fields,
      ...(escalate === undefined ? {} : { escalate }),
      ...(instructions === undefined
        ? {}
        : { instructions: textOf(instructions) ?? JSON.stringify(instructions) }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
    { hold: onTimeout === 'hold' },
  );
  if (closed === 'timeout') throw manualFailed('Nobody answered in time.');
  const vote = record.gate?.votes[0];
  const answer = vote?.answer ?? '';
  const outcome = answers[answer];
  if (vote === undefined || outcome === undefined) throw new Error('a gate closed without an answer');
  const { person, comment, values = {} } = vote;
  const output = { ...values, answer, person, ...(comment === undefined ? {} : { comment }) };
  const said = `${person} answered ${answer}${comment === undefined ? '' : `: ${comment}`}`;
  if (outcome === 'failed') throw manualFailed(said, output);
  return { outcome, output, reason: said };
}

function manualFailed(message: string, output?: StepEnd['output']): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'step.manualFailed',
    nonRetryable: true,
    ...(output === undefined ? {} : { details: [output] }),
  });
}
