import { openGates, type RunView } from '../../client/index.ts';
import { deviationLines } from './deviations.ts';
import { footer } from './header.ts';
import { failureLines } from './failure.ts';
import { gateLines } from './gate.ts';
import { glyphOf, standingOf } from './marks.ts';
import { noteOf } from './notes.ts';
import { outlineOf, type OutlineItem } from './outline.ts';
import { clipped, styled, widthOf } from './style.ts';
import { elapsedOf } from './times.ts';

export interface PictureOptions {
  readonly program: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly columns?: number;
  /** Steps that need no attention are counted instead of listed when there are more lines than this. */
  readonly rows?: number;
}

const WIDEST = 1_000;

/** A run as a picture: the tree of its steps, the gates that wait, and which run it is. `view` is inert already. */
export function picture(view: RunView, { program, now, columns = WIDEST, rows }: PictureOptions): string[] {
  const gates = openGates(view.steps).flatMap((gate) => [
    '',
    ...gateLines(gate, { program, now, runId: view.timeline.run.runId }),
  ]);
  const ends = [...gates, '', ...deviationLines(view.steps), footer(view, now)];
  const room = rows === undefined ? Infinity : Math.max(MIN_STEP_ROWS, rows - ends.length - 2);
  return [styled('bold', view.timeline.title), ...stepLines(view, { now, columns, room }), ...ends];
}

const MIN_STEP_ROWS = 5;

interface Frame {
  readonly now: number;
  readonly columns: number;
  readonly room: number;
}

function stepLines(view: RunView, { now, columns, room }: Frame): string[] {
  const items = outlineOf(view.steps);
  const waiting = new Set(openGates(view.steps).map(({ step }) => step.path));
  const draw = (item: OutlineItem): string[] => {
    if ('part' in item) return [styled('dim', item.part)];
    const { step, depth } = item;
    const indent = '  '.repeat(depth);
    const note = noteOf(step, { progress: view.progress[step.path], now });
    const elapsed = elapsedOf(step, now) ?? '';
    const rest = [elapsed, note].filter((text) => text !== '').join('  ');
    const title = clipped(step.title, columns - indent.length - 2);
    const space = columns - indent.length - 4 - widthOf(title);
    const line = `${indent}${glyphOf(standingOf(step))} ${title}`;
    const lines = [rest === '' || space < 5 ? line : `${line}  ${styled('dim', clipped(rest, space))}`];
    // At a gate the failure stands with what can be done about it.
    if (step.failure === undefined || step.state !== 'ended' || waiting.has(step.path)) return lines;
    return [...lines, ...failureLines(step.failure).map((text) => `${indent}    ${text}`)];
  };
  if (items.length <= room) return items.flatMap(draw);
  return summarised(items, draw);
}

/** Every step that needs attention, and counts of the others. */
function summarised(items: readonly OutlineItem[], draw: (item: OutlineItem) => string[]): string[] {
  const counts = new Map<string, number>();
  const lines: string[] = [];
  for (const item of items) {
    if ('part' in item) continue;
    const standing = standingOf(item.step);
    if (standing === 'succeeded' || standing === 'skipped' || standing === 'pending') {
      counts.set(standing, (counts.get(standing) ?? 0) + 1);
    } else {
      lines.push(...draw(item));
    }
  }
  const count = (standing: 'succeeded' | 'skipped' | 'pending', words: string): string[] => {
    const steps = counts.get(standing) ?? 0;
    return steps === 0 ? [] : [`${glyphOf(standing)} ${steps} ${words}`];
  };
  return [
    ...count('succeeded', 'done'),
    ...count('skipped', 'skipped'),
    ...lines,
    ...count('pending', 'to come'),
  ];
}
