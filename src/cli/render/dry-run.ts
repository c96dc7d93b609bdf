import type { DryRunReport, DryRunStep, DryRunVerdict } from '../dry-run-report.ts';
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
export function dryRunLines({ title, mode, steps }: DryRunReport): string[] {
  const blocked = steps.filter(({ verdict }) => verdict === 'blocked');
  return [
    `${styled('bold', title)}  ${modeText(mode)}, as things stand now; nothing was changed`,
    '',
    ...steps.flatMap(stepLines),
    '',
    blocked.length === 0
      ? `${glyphOf('succeeded')} Nothing stands in the way of this run now.`
      : `${glyphOf('failed')} This run would not come through now: look at ${blocked.map(({ path }) => path).join(', ')}.`,
  ];
}

function stepLines({ path, title, depth, verdict, says }: DryRunStep): string[] {
  const indent = '  '.repeat(depth);
  return [
    `${indent}${glyphOf(MARKS[verdict])} ${styled('bold', path)}  ${title}`,
    ...says.map((line) => `${indent}    ${verdict === 'blocked' ? styled('red', line) : line}`),
  ];
}
