import type { JsonObject } from '../../model/json.ts';
import type { CompiledRunbook, Mode } from '../../model/runbook.ts';
import type { ScheduleSpec } from '../../model/schedule.ts';
import { EMPTY_LIBRARY, type Library } from '../library.ts';
import { scopeOf } from '../start/running.ts';
import type { ExplainedPart, ExplainedStep, Explanation } from './explanation.ts';
import { explainInputs, explainObjectives } from './inputs.ts';
import { explainDecisions } from './people.ts';
import { listed, spokenValue } from './spoken.ts';
import { contextOf, explainSteps } from './steps.ts';

/**
 * Says in plain sentences what a runbook does, for whoever approves it and does not read YAML.
 *
 * @param mode of which run; absent: of both, and steps say where they happen
 * @param inputs values that are known already, typed; what is not known stands in ‹ ›
 */
export function explainRunbook(
  runbook: CompiledRunbook,
  {
    mode,
    inputs = {},
    library = EMPTY_LIBRARY,
    schedules = [],
  }: {
    mode?: Mode | undefined;
    inputs?: JsonObject;
    library?: Library;
    schedules?: readonly ScheduleSpec[];
  } = {},
): Explanation {
  const { name, title, description, owner, contacts, objectives } = runbook;
  const scope = mode === undefined ? { inputs } : scopeOf(runbook, mode, inputs);
  const context = contextOf(runbook, { mode, scope, library, prefix: '' });
  const parts: ExplainedPart[] = [
    { heading: 'What happens', steps: explainSteps(runbook.steps, context) },
    {
      heading: 'Cleanup',
      says:
        'At the end of every drill, however it ended; never in a live run. Every step is tried, and only what this drill ' +
        'has changed is put back.',
      steps: mode === 'live' ? [] : explainSteps(runbook.cleanup, context),
    },
    {
      heading: 'Always',
      says: 'At the end of every run, however it ended.',
      steps: explainSteps(runbook.always, context),
    },
  ];
  return {
    name,
    title,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    contacts,
    ...(mode === undefined ? {} : { mode }),
    objectives: explainObjectives(objectives),
    schedules: schedules.filter((one) => mode === undefined || one.mode === mode).map(explainSchedule),
    needs: explainInputs(runbook),
    warnings: warningsOf(parts.flatMap(({ steps }) => everyStep(steps))),
    failure:
      `When a step fails, the run waits and ${explainDecisions(runbook)} ` +
      'Nothing that was sent is ever sent again by itself.',
    parts: parts.filter(({ steps }) => steps.length > 0),
    outputs: Object.entries(runbook.outputs ?? {}).map(
      ([key, value]) => `${key}: ${spokenValue(value, scope)}`,
    ),
  };
}

function explainSchedule({ name, description, cron, timezone, mode, inputs }: ScheduleSpec): string {
  const values = Object.entries(inputs).map(([key, value]) => `${key}: ${spokenValue(value, {})}`);
  return (
    `${name}: ${mode === 'live' ? 'a LIVE run' : 'a drill'} at ${cron} by the clocks of ${timezone}` +
    (values.length === 0 ? '' : `, with ${values.join('; ')}`) +
    (description === undefined ? '' : ` (${description})`)
  );
}

function everyStep(steps: readonly ExplainedStep[]): ExplainedStep[] {
  return steps.flatMap((step) => [step, ...everyStep(step.children)]);
}

/** What an approver must not miss. */
function warningsOf(steps: readonly ExplainedStep[]): string[] {
  const touching = steps.filter(({ production }) => production);
  const final = steps.filter(({ irreversible }) => irreversible);
  const name = ({ number, title }: ExplainedStep): string => `${number} (${title})`;
  return [
    touching.length === 0
      ? 'It touches no production system.'
      : `PRODUCTION is changed by ${touching.length === 1 ? 'step' : 'the steps'} ${listed(touching.map(name))}.`,
    ...(final.length === 0
      ? []
      : [`What CANNOT be undone: ${final.length === 1 ? 'step' : 'the steps'} ${listed(final.map(name))}.`]),
  ];
}
