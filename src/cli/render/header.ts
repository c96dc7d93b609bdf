import { formatDuration } from '../../model/duration.ts';
import type { RunView } from '../../client/index.ts';
import { styled } from './style.ts';

/** The mode; the real thing must not look like a drill. */
export function modeText(mode: string): string {
  return mode === 'live' ? styled(['bold', 'white', 'bgRed'], ' LIVE ') : mode;
}

/** Which run this is: its id, mode, purpose and who started it. */
export function runLine({ timeline: { run } }: RunView): string {
  return `${styled('bold', run.runId)}  ${modeText(run.mode)}  ${run.purpose}, started by ${run.starter}`;
}

/** Which run it goes on with. */
export function takenOverLines({ takenOver }: RunView['timeline']): string[] {
  return takenOver === undefined ? [] : [`It goes on with ${takenOver.runId}, from ${takenOver.from} on.`];
}

/** The last line of a live picture. */
export function footer(view: RunView, now: number): string {
  const { startedAt, endedAt, cancelled, refused, unrecorded, pauses = [] } = view.timeline;
  const facts = [
    formatDuration(Math.max(0, (endedAt ?? now) - startedAt)),
    ...(cancelled === undefined ? [] : [cancelledText(cancelled)]),
    ...(pauses.length === 0 ? [] : [styled('yellow', 'paused')]),
    ...(refused.total === 0 ? [] : [refusedText(refused.total)]),
    ...(unrecorded === undefined ? [] : [styled('red', unrecorded)]),
  ];
  return `${runLine(view)}  ${facts.join('  ')}`;
}

/** Who stopped the run, and why. */
export function cancelledText({ by, reason }: { readonly by: string; readonly reason?: string }): string {
  return styled('yellow', `cancelled by ${by}${reason === undefined ? '' : `: ${reason}`}`);
}

/** Votes that did not count may be somebody trying: they are never left out. */
export function refusedText(total: number): string {
  return styled('yellow', total === 1 ? '1 vote refused' : `${total} votes refused`);
}
