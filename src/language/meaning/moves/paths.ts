import type { Atom } from '../conditions.ts';
import type { Place } from '../places.ts';
import type { PlanState } from './plan-state.ts';

/** Something that happened on a way through a runbook, the latest first. */
export interface Event {
  readonly place: Place;
  readonly what: 'did' | 'skipped' | 'failed' | 'ended';
  readonly before: Event | undefined;
}

/** One way to get to a step, as far as one plan is concerned. */
export interface Path {
  /** Absent before the first command on the plan. */
  readonly state?: PlanState;
  readonly assumed: Assumptions;
  readonly events?: Event;
  /** Steps whose command can be taken back, the latest last. */
  readonly done: readonly Place[];
  /** It rests on nothing but what the vendor says of this version. */
  readonly isCertain: boolean;
}

/** A path on which it is known where the plan stands. */
export type Standing = Path & { readonly state: PlanState };

/** What has been taken to be true or false on the way, so that the same condition comes out the same again. */
export interface Assumptions {
  readonly holds: ReadonlyMap<string, boolean>;
  /** The same as a text, to compare paths by. */
  readonly text: string;
}

export const START: Path = { assumed: { holds: new Map(), text: '' }, done: [], isCertain: true };

/** More ways than these to one step are not told apart: fewer are looked at, and nothing wrong is said. */
const MAX_PATHS = 24;
const MAX_ASSUMED = 12;

/** Paths that differ in nothing that matters are one; the first, which strays least, is kept. */
export function merged<One extends Path>(paths: readonly One[]): One[] {
  if (paths.length <= 1) return [...paths];
  const found = new Map<string, One>();
  for (const path of paths) {
    if (found.size === MAX_PATHS) break;
    const key = keyOf(path);
    if (!found.has(key)) found.set(key, path);
  }
  return [...found.values()];
}

function keyOf({ state, assumed, done }: Path): string {
  const goals = state?.goals?.map(({ position }) => position).join() ?? '';
  const at = `${state?.position ?? ''} ${String(state?.isEnabled)} ${goals}`;
  return `${at} ${done.length} ${done.at(-1)?.first ?? -1} ${assumed.text}`;
}

/** The path, having taken something to be so. */
export function assuming<One extends Path>(path: One, key: string, holds: boolean): One {
  const { assumed } = path;
  if (assumed.holds.get(key) === holds || assumed.holds.size >= MAX_ASSUMED) return path;
  const more = new Map(assumed.holds).set(key, holds);
  const text = [...more]
    .map(([name, is]) => `${name}=${String(is)}`)
    .sort()
    .join('&');
  return { ...path, assumed: { holds: more, text } };
}

export function happened<One extends Path>(path: One, place: Place, what: Event['what']): One {
  return { ...path, events: { place, what, before: path.events } };
}

/** How a condition comes out on a path: it may hold, it may not, or both. */
export interface Outcome {
  readonly holds?: Path;
  readonly fails?: Path;
}

/**
 * Follows a condition. What is not known is taken both ways, and remembered as far as it is asked again.
 *
 * @param tracked what is asked more than once
 */
export function decide(atoms: readonly Atom[], path: Path, tracked: ReadonlySet<string>): Outcome {
  let holds: Path = path;
  const open: Assumption[] = [];
  for (const atom of atoms) {
    const wanted = assumptionOf(atom);
    if (wanted === undefined) continue;
    const known = path.assumed.holds.get(wanted.key) ?? opposite(path, wanted.key);
    if (known === !wanted.holds) return { fails: path };
    if (known !== undefined) continue;
    open.push(wanted);
    if (tracked.has(plain(wanted.key))) holds = assuming(holds, wanted.key, wanted.holds);
  }
  if (open.length === 0) return { holds };
  // Of several it is not known which one fails.
  const [only, ...others] = open;
  const isOne = only !== undefined && others.length === 0 && tracked.has(plain(only.key));
  return { holds, fails: isOne ? assuming(path, only.key, !only.holds) : path };
}

function opposite({ assumed }: Path, key: string): boolean | undefined {
  const known = assumed.holds.get(key.startsWith('!') ? key.slice(1) : `!${key}`);
  return known === undefined ? undefined : !known;
}

interface Assumption {
  readonly key: string;
  readonly holds: boolean;
}

/** What conditions ask: what is asked once only, need not be remembered. */
export function askedTwice(conditions: Iterable<readonly Atom[]>): Set<string> {
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const atoms of conditions) {
    for (const atom of atoms) {
      const key = plain(assumptionOf(atom)?.key ?? '');
      // What came of a command is remembered already when it is asked for the first time.
      if (once.has(key) || atom.kind === 'there' || atom.kind === 'missing') twice.add(key);
      once.add(key);
    }
  }
  return twice;
}

function plain(key: string): string {
  return key.startsWith('!') ? key.slice(1) : key;
}

/** What is remembered of an atom that holds; modes are looked at elsewhere. */
function assumptionOf(atom: Atom): Assumption | undefined {
  switch (atom.kind) {
    case 'there':
    case 'missing':
      return { key: succeeded(atom.path.split('.')[1] ?? ''), holds: atom.kind === 'there' };
    case 'other':
      return { key: atom.text, holds: true };
    case 'mode':
      return undefined;
  }
}

/** What is remembered of a step that is a command: whether it succeeded. */
export function succeeded(id: string): string {
  return `ok ${id}`;
}
