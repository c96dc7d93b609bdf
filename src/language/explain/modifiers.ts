import { failurePolicy, type FailurePolicy, type Mode, type Step, type Window } from '../../model/runbook.ts';
import { listed, spokenDuration, spokenExpression } from './spoken.ts';

const WEEKDAYS = {
  mon: 'Mondays',
  tue: 'Tuesdays',
  wed: 'Wednesdays',
  thu: 'Thursdays',
  fri: 'Fridays',
  sat: 'Saturdays',
  sun: 'Sundays',
} as const;

/** When a step runs at all. */
export function explainWhen({ modes, if: condition, window }: Step, mode: Mode | undefined): string[] {
  return [
    ...(mode === undefined && modes?.length === 1
      ? [`Only in a ${modes[0] === 'live' ? 'live run' : 'drill'}.`]
      : []),
    ...(condition === undefined ? [] : [`Only if this holds: ${spokenExpression(condition)}`]),
    ...(window === undefined ? [] : [explainWindow(window)]),
  ];
}

function explainWindow({ from, to, timezone, days, needsMs, missed }: Window): string {
  const on = days === undefined ? '' : ` on ${listed(days.map((day) => WEEKDAYS[day]))}`;
  const needs = needsMs === 0 ? '' : `, and only while ${spokenDuration(needsMs)} are left`;
  const then = missed === 'hold' ? 'people are asked' : 'it waits for the next such time';
  return `It begins only between ${from} and ${to}${on} (${timezone})${needs}; when that is over, ${then}.`;
}

const POLICIES = {
  pause: 'people decide how to go on',
  stop: 'the run ends as failed, and begins nothing more',
  continue: 'the run goes on, and ends with a warning',
  rollback: 'the run takes back what it has done, and ends as failed',
} as const satisfies Record<FailurePolicy, string>;

/** What a failure does, where that is not what every step does. */
export function explainFailure(step: Step, mode: Mode | undefined): string[] {
  if (step.onFailure === undefined) return [];
  const [drill, live] = [failurePolicy(step, 'drill'), failurePolicy(step, 'live')];
  if (mode !== undefined || drill === live) {
    return [`If it fails, ${POLICIES[mode === 'live' ? live : drill]}.`];
  }
  return [`If it fails: in a drill ${POLICIES[drill]}; in a live run ${POLICIES[live]}.`];
}

/** What the clocks of applications are told, and where to read on. */
export function explainAbout({ marks, links = [], description }: Step): string[] {
  const { lost, recovered } = marks ?? {};
  return [
    ...(description === undefined ? [] : [description]),
    ...(lost === undefined ? [] : [`From here on ${listed(lost)} ${be(lost)} counted as lost.`]),
    ...(recovered === undefined
      ? []
      : [`When it has ended well, ${listed(recovered)} ${be(recovered)} back.`]),
    ...links.map(({ title, url }) => `See ${title}: ${url}`),
  ];
}

function be(things: readonly string[]): string {
  return things.length === 1 ? 'is' : 'are';
}
