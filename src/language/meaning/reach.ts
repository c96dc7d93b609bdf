import { MODES, type Mode } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import { constantOf } from './conditions.ts';
import { modesOf, ownModes } from './modes.ts';
import { isBefore, type Place } from './places.ts';

/** Tells of steps that no run ever does: by a condition that is never true, by their modes, or behind an end. */
export function checkReach(places: readonly Place[], report: Reporter): void {
  const unreachable = new Set<Place>();
  let end: Place | undefined;
  for (const place of places) {
    // What stands in a step that never runs has been told with it.
    const isInside = place.parent !== undefined && unreachable.has(place.parent);
    const behind = end !== undefined && place.phase === 'steps' && isBefore(end, place) ? end : undefined;
    const why =
      whyNever(place) ?? (behind && { message: `The run never gets beyond \`${behind.step.id}\`.` });
    if (!isInside && why === undefined) {
      end ??= endsTheRun(place) ? place : undefined;
      continue;
    }
    unreachable.add(place);
    if (isInside || why === undefined) continue;
    report.add('UNREACHABLE', place.step.at, `\`${place.step.id}\` never runs. ${why.message}`, why.hint);
    // One line says it for all that stands behind an end.
    if (behind !== undefined && whyNever(place) === undefined) return;
  }
}

function whyNever(place: Place): { message: string; hint?: string } | undefined {
  const { step, phase, parent } = place;
  if (constantOf(step.if?.text) === false) {
    return { message: `Its \`if\` is never true: ${step.if?.text ?? ''}.` };
  }
  if (modesOf(place).length > 0) return undefined;
  const around = parent === undefined ? MODES : modesOf(parent);
  const isForeign = phase === 'cleanup' && parent === undefined && step.modes?.includes('drill') === false;
  if (isForeign) return { message: 'Cleanup belongs to drills, and it is not for them.' };
  if (ownModes(place).length === 0) {
    return { message: 'Its `modes` and its `if` ask for different modes.' };
  }
  const message = `It is for ${listed(ownModes(place))} runs, and stands in a step for ${listed(around)} runs.`;
  return { message, hint: 'Move it out, or give both the same `modes`.' };
}

function listed(modes: readonly Mode[]): string {
  return modes.join(' and ');
}

/** A check that always runs, is never true, and stops the run. */
function endsTheRun(place: Place): boolean {
  const { body, onFailure, if: condition, modes } = place.step;
  const stops = MODES.every((mode) => {
    const policy = typeof onFailure === 'object' ? onFailure[mode] : onFailure;
    return policy === 'stop' || policy === 'rollback';
  });
  return (
    stops &&
    place.phase === 'steps' &&
    body.kind === 'check' &&
    constantOf(body.check?.text) === false &&
    condition === undefined &&
    modes === undefined &&
    place.parent === undefined
  );
}
