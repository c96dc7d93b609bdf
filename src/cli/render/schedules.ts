import type { NextStart, ScheduleChange, ScheduleTerms, ScheduleView } from '../../client/index.ts';
import { modeText } from './header.ts';
import { styled } from './style.ts';
import { table } from './table.ts';

type Last = NonNullable<ScheduleView['last']>;

/** What applying would change, or has changed. Everything is inert already. */
export function scheduleChangeLines(changes: readonly ScheduleChange[]): string[] {
  if (changes.length === 0) return ['The file has no schedules, and none is in force.'];
  return changes.flatMap((change) => {
    switch (change.what) {
      case 'add':
        return [styled('green', `+ ${change.id}: ${termsText(change.after)}`)];
      case 'remove':
        return [styled('red', `- ${change.id}: ${termsText(change.before)}`)];
      case 'keep':
        return [styled('dim', `  ${change.id}: as it is, ${termsText(change.after)}`)];
      case 'change':
        return [
          styled('yellow', `~ ${change.id}:`),
          ...change.changed.map(
            (term) => `    ${term}: ${termText(change.before[term])} -> ${termText(change.after[term])}`,
          ),
        ];
    }
  });
}

/** How many changes there are to be made. */
export function isChange({ what }: ScheduleChange): boolean {
  return what !== 'keep';
}

function termsText({ cron, timezone, mode, inputs, digest }: ScheduleTerms): string {
  const given = Object.keys(inputs).length === 0 ? '' : `, with ${JSON.stringify(inputs)}`;
  return `${modeText(mode)} at ${cron} (${timezone})${given}, runbook ${digest.slice(0, 12)}`;
}

function termText(value: ScheduleTerms[keyof ScheduleTerms]): string {
  if (value === undefined) return '(nothing)';
  return typeof value === 'string' ? value.slice(0, 100) : JSON.stringify(value);
}

/** Schedules in a list, with what each did last. */
export function scheduleLines(
  schedules: readonly ScheduleView[],
  { program }: { readonly program: string },
): string[] {
  if (schedules.length === 0) {
    return [`No schedule is in force. Put those of a runbook in force: ${program} schedule apply FILE`];
  }
  return table(
    ['SCHEDULE', 'MODE', 'WHEN', 'NEXT', 'LAST'],
    schedules.map(({ id, mode, cron, timezone, next, paused, note, last }) => [
      id,
      modeText(mode),
      `${cron} (${timezone})`,
      paused ? `${styled('yellow', 'paused')}${note === undefined ? '' : `, ${note}`}` : timeText(next),
      last === undefined ? '' : `${timeText(last.scheduledAt)} ${lastText(last)}`,
    ]),
  );
}

/** The starts to come. */
export function nextLines(starts: readonly NextStart[]): string[] {
  if (starts.length === 0) return ['Nothing starts by itself.'];
  return starts.map(({ at, id, mode }) => `${timeText(at)}  ${id}  ${modeText(mode)}`);
}

/** What schedules did. */
export function launchLines(launches: readonly Last[]): string[] {
  if (launches.length === 0) return ['No schedule has started anything yet.'];
  return launches.map((launch) => `${timeText(launch.scheduledAt)}  ${launch.schedule}  ${lastText(launch)}`);
}

function lastText({ outcome, runId, code, reason }: Last): string {
  if (outcome === 'notStarted') return `${styled('yellow', code ?? 'not started')}: ${reason ?? ''}`;
  return outcome === 'started' ? runId : 'is being looked at';
}

function timeText(at: number | undefined): string {
  return at === undefined ? '' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
