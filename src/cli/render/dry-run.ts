import { formatDuration } from '../../model/duration.ts';
import type { Mode } from '../../model/runbook.ts';
import type {
  DryRunEstimate,
  DryRunReport,
  DryRunStep,
  DryRunVerdict,
  PastEstimate,
  StepEstimate,
} from '../dry-run-report.ts';
import { modeText } from './header.ts';
import { glyphOf } from './marks.ts';
import { styled } from './style.ts';

const MARKS = {
  read: 'succeeded',
  would: 'running',
  ask: 'waiting',
  later: 'pending',
  skip: 'skipped',
  blocked: 'failed',
} as const satisfies Record<DryRunVerdict, Parameters<typeof glyphOf>[0]>;

/** What a dry run found, and in the last line what it comes to. `report` is inert already. */
export function dryRunLines({ title, mode, steps, estimate }: DryRunReport): string[] {
  const blocked = steps.filter(({ verdict }) => verdict === 'blocked');
  return [
    `${styled('bold', title)}  ${modeText(mode)}, as things stand now; nothing was changed`,
    '',
    ...steps.flatMap(stepLines),
    '',
    ...estimateLines(estimate, mode),
    blocked.length === 0
      ? `${glyphOf('succeeded')} Nothing stands in the way of this run now.`
      : `${glyphOf('failed')} This run would not come through now: look at ${blocked.map(({ path }) => path).join(', ')}.`,
  ];
}

function stepLines({ path, title, depth, verdict, says, estimate }: DryRunStep): string[] {
  const indent = '  '.repeat(depth);
  return [
    `${indent}${glyphOf(MARKS[verdict])} ${styled('bold', path)}  ${title}${estimate === undefined ? '' : styled('dim', `  (usually ${timesText(estimate)})`)}`,
    ...says.map((line) => `${indent}    ${verdict === 'blocked' ? styled('red', line) : line}`),
  ];
}

/** How long it will probably take, and what that rests on. */
function estimateLines(estimate: DryRunEstimate, mode: Mode): string[] {
  switch (estimate.kind) {
    case 'none':
      return ['How long it takes: no past run to estimate from.'];
    case 'unknown':
      return [`How long it takes: past runs could not be looked at. ${estimate.why}`];
    case 'estimate':
      return [
        `How long it takes: ${timesText(estimate)} (${basisText(estimate)}).`,
        ...(estimate.mode === mode ? [] : [`No ${kindOf(mode)} has ended well yet.`]),
        ...(estimate.changed === 0 ? [] : [changedText(estimate)]),
      ];
  }
}

function basisText({ runs, mode }: PastEstimate): string {
  return runs === 1
    ? `one ${kindOf(mode)} that ended well`
    : `the median of the newest ${runs} ${kindOf(mode)}s that ended well`;
}

function changedText({ runs, changed }: PastEstimate): string {
  return `${runs === 1 ? 'It' : `${changed} of them`} ran another version of this runbook.`;
}

function kindOf(mode: Mode): string {
  return mode === 'live' ? 'live run' : 'drill';
}

function timesText({ takesMs, peopleMs }: StepEstimate): string {
  const takes = formatDuration(takesMs);
  return peopleMs === 0 ? takes : `${takes}, and ${formatDuration(peopleMs)} waiting for people`;
}
