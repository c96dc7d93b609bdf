import { draftChildren, type Draft, type DraftStep, type ForEachDraft } from '../shape/draft.ts';

export type Phase = 'steps' | 'cleanup' | 'always';

/** A step and where it stands among the others, so that *before* can be told in a few comparisons. */
export interface Place {
  readonly step: DraftStep;
  readonly phase: Phase;
  readonly parent: Place | undefined;
  /** The numbers of the first and the last step in it, itself included, in the order of the file. */
  readonly first: number;
  readonly last: number;
  /** Of what takes a step back: the step itself, which has ended by then. */
  readonly takesBack?: Place;
}

/** Where the outputs of a runbook stand: behind everything. */
export function placeAtEnd(places: readonly Place[]): Place {
  const step: DraftStep = { id: '', path: '', at: { start: 0, end: 0 }, body: { kind: 'broken' } };
  return { step, phase: 'always', parent: undefined, first: places.length, last: places.length };
}

/** Every step of a runbook in the order of the file; steps before cleanup before always. */
export function placesOf({ steps, cleanup, always }: Draft): Place[] {
  const places: Place[] = [];
  const visit = (step: DraftStep, phase: Phase, parent: Place | undefined): void => {
    const place = { step, phase, parent, first: places.length, last: places.length };
    places.push(place);
    for (const child of draftChildren(step)) visit(child, phase, place);
    place.last = places.length - 1;
  };
  for (const step of steps) visit(step, 'steps', undefined);
  for (const step of cleanup) visit(step, 'cleanup', undefined);
  for (const step of always) visit(step, 'always', undefined);
  return places;
}

/** The loop that a step stands in, or undefined. */
export function loopAround({ parent }: Place): LoopPlace | undefined {
  for (let place = parent; place !== undefined; place = place.parent) {
    if (isLoop(place)) return place;
  }
  return undefined;
}

/** The loops that a step stands in, the innermost first. */
export function loopsAround(place: Place): LoopPlace[] {
  const loop = loopAround(place);
  return loop === undefined ? [] : [loop, ...loopsAround(loop)];
}

export type LoopPlace = Place & { readonly step: { readonly body: ForEachDraft } };

export function isLoop(place: Place): place is LoopPlace {
  return place.step.body.kind === 'forEach';
}

/** Whether `a` has always ended when `b` begins: it stands before, and not in another branch of a `parallel`. */
export function isBefore(a: Place, b: Place): boolean {
  return a.last < b.first && commonAncestor(a, b)?.step.body.kind !== 'parallel';
}

function commonAncestor(a: Place, b: Place): Place | undefined {
  let ancestor = a.parent;
  while (ancestor !== undefined && ancestor.last < b.first) ancestor = ancestor.parent;
  return ancestor;
}

/** Every step below a step; of a loop in it only the loop: what stands in that is many steps. */
export function* stepsBelow(step: DraftStep): Generator<DraftStep> {
  for (const child of draftChildren(step)) {
    yield child;
    if (child.body.kind !== 'forEach') yield* stepsBelow(child);
  }
}

/** The steps around a place, the innermost first, itself the very first. */
export function* outwards(place: Place): Generator<Place> {
  for (let one: Place | undefined = place; one !== undefined; one = one.parent) yield one;
}

/** Adds a place to those that are kept under a key. */
export function pushTo<Key>(places: Map<Key, Place[]>, key: Key, place: Place): void {
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}
