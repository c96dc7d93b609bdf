import { MODES, type Mode } from '../../model/runbook.ts';
import { atomsOfText } from './conditions.ts';
import { outwards, type Place } from './places.ts';

/** The modes in which a step itself lets a run through: by its `modes`, and by a condition that asks for the mode. */
export function ownModes({ step, phase, parent }: Place): readonly Mode[] {
  const asked = atomsOfText(step.if?.text).flatMap((atom) => (atom.kind === 'mode' ? [atom.mode] : []));
  // Cleanup belongs to drills.
  const phaseModes: readonly Mode[] = phase === 'cleanup' && parent === undefined ? ['drill'] : MODES;
  return phaseModes.filter(
    (mode) => (step.modes?.includes(mode) ?? true) && asked.every((wanted) => wanted === mode),
  );
}

/** The modes in which a step can run, with all that stands around it. */
export function modesOf(place: Place): readonly Mode[] {
  let modes: readonly Mode[] = MODES;
  for (const one of outwards(place)) {
    const own = ownModes(one);
    modes = modes.filter((mode) => own.includes(mode));
  }
  return modes;
}
