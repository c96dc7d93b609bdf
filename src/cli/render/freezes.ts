import type { Frozen } from '../../client/index.ts';
import { isInForce, type Freeze, type FreezeScope } from '../../model/freeze.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** What was frozen, and what goes on all the same. */
export function frozenLines(
  { freeze, goesOn }: Frozen,
  { program, now }: { readonly program: string; readonly now: () => number },
): string[] {
  const { id, scope, from, until } = freeze;
  const end = until === undefined ? '' : ` It ends ${shortTime(until)}.`;
  const undo = `${program} unfreeze ${id}`;
  if (!isInForce(freeze, Math.max(now(), freeze.at))) {
    return [
      `Planned (${id}): ${scopeText(scope)} will be frozen from ${shortTime(from)}.${end}`,
      `Call it off: ${undo}`,
    ];
  }
  return [
    `${styled('red', 'Frozen')} (${id}): ${scopeText(scope)}. Nothing of it starts, and no step of it begins.${end}`,
    ...(goesOn.length === 0
      ? ['Nothing is known to go on.']
      : [
          `Not stopped by this (${goesOn.length}):`,
          ...goesOn.map(({ runId, path, says }) => `  ${runId}  ${path}  ${says}`),
        ]),
    `End it: ${undo}`,
  ];
}

/** What is frozen, or will be. */
export function freezeLines(freezes: readonly Freeze[], now: number): string[] {
  if (freezes.length === 0) return ['Nothing is frozen.'];
  return table(
    ['ID', 'STATE', 'WHAT', 'FROM', 'UNTIL', 'BY', 'REASON'],
    freezes.map((freeze) => [
      freeze.id,
      isInForce(freeze, now) ? styled('red', 'frozen') : 'planned',
      scopeText(freeze.scope),
      shortTime(freeze.from),
      freeze.until === undefined ? '' : shortTime(freeze.until),
      freeze.by,
      freeze.reason,
    ]),
  );
}

/** What goes on again. */
export function unfrozenLines(lifted: readonly Freeze[]): string[] {
  if (lifted.length === 0) return ['Somebody else has ended it already.'];
  return lifted.map(
    ({ id, scope, reason }) => `Ended (${id}): ${scopeText(scope)}, which was frozen for: ${reason}`,
  );
}

function scopeText({ runbooks, connection, mode }: FreezeScope): string {
  const parts = [
    ...(runbooks === undefined ? [] : [`runbooks ${runbooks}`]),
    ...(connection === undefined ? [] : [`connection ${connection}`]),
    ...(mode === undefined ? [] : [`${mode} runs`]),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
