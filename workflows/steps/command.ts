import type { CommandInput } from '../../activities/contract.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { CommandDone, DecisionTaken, StepRecord } from '../../src/model/run.ts';
import type { Step, UsesStep } from '../../src/model/runbook.ts';
import type { Cover } from '../../src/model/vote.ts';
import type { Engine } from '../engine.ts';
import { isLost } from '../failure.ts';
import { phaseOf } from '../run-state.ts';
import { ApplicationFailure } from '@temporalio/common';

/** How often a command that certainly did nothing is sent again after its worker was lost. */
const MAX_LOST_WORKERS = 3;

/**
 * Sends a command at most once. When its worker is lost, what became of it is found out by looking; only when it is
 * certain that nothing happened is it sent again.
 */
export async function sendCommand(engine: Engine, input: CommandInput): Promise<CommandDone> {
  for (let lost = 0; lost < MAX_LOST_WORKERS; lost += 1) {
    try {
      return await engine.command({ ...input, lost });
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    const found = await engine.resolve({ ...input, lost });
    if (found.how !== 'notDone') return found;
  }
  throw ApplicationFailure.nonRetryable(
    `The worker was lost ${MAX_LOST_WORKERS} times before the command could be sent; nothing was done. Look at the workers, then retry.`,
    'effect.notSent',
  );
}

/** The values that a step gives to its action: as the runbook says, and as people have corrected it. */
export function renderedWith(engine: Engine, step: UsesStep, { corrected }: StepRecord): JsonObject {
  return { ...engine.scope.at(step.path).render(step.with), ...corrected };
}

/** What every action of a step is told. */
export function actionInput(
  engine: Engine,
  step: UsesStep,
  { attempt }: StepRecord,
  rendered: JsonObject,
): Omit<CommandInput, 'covers'> {
  return {
    run: engine.state.identity,
    path: step.path,
    phase: phaseOf(step.path),
    attempt,
    action: step.uses,
    ...(step.connection === undefined ? {} : { connection: step.connection }),
    with: rendered,
  };
}

/** Sends a command to the plan of a failed step, as a person decided; the step then watches it as its own. */
export async function commandPlan(
  engine: Engine,
  step: Step,
  record: StepRecord,
  { cover }: DecisionTaken,
  action: 'vro.continue' | 'vro.halt',
  extra: JsonObject,
): Promise<void> {
  if (step.kind !== 'uses') throw new Error(`${step.path} has no plan`);
  record.attempt += 1;
  const { plan } = engine.scope.at(step.path).render(step.with);
  const covers: Cover[] = [...engine.state.grants(), cover];
  const input = { ...actionInput(engine, step, record, { plan: plan ?? '', ...extra }), action, covers };
  record.command = await engine.thaw.whenThawed(record, () => sendCommand(engine, input));
}
