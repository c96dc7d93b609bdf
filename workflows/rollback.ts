import type { Engine } from './engine.ts';
import { runSteps } from './interpreter.ts';
import { passStep } from './records.ts';
import { askConsent, consentRules } from './steps/consent.ts';

/**
 * Takes back what the run has done: each step with a `rollback` whose command was sent, the one that ended last first.
 * Each has a record of its own and is a step like any other: it is done at most once, and a failure asks people. In a
 * live run, what would discard changes is asked for before.
 *
 * @throws Suspended
 */
export async function rollBack(engine: Engine): Promise<void> {
  const { state } = engine;
  for (const step of state.toTakeBack()) {
    const { rollback } = step;
    const record = state.beginRollback(rollback);
    if (record.state === 'ended') continue;
    record.title = engine.scope.at(rollback.path).title(record.title);
    const isDiscarding = state.identity.mode === 'live' && step.action.undo === 'discardsChanges';
    const rules = isDiscarding ? consentRules(engine, rollback) : undefined;
    const refusal = rules && (await askConsent(engine, rollback, record, rules));
    if (refusal !== undefined) {
      passStep(state, rollback, refusal, engine.now());
      continue;
    }
    await runSteps(engine, [rollback]);
  }
}
