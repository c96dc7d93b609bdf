import type { ActionSpec } from '../../../catalog/index.ts';
import type { Mode } from '../../../model/runbook.ts';
import { atomsOfText, constantOf } from '../conditions.ts';
import { modesOf, ownModes } from '../modes.ts';
import { outwards, pushTo, type Phase, type Place } from '../places.ts';
import {
  askedTwice,
  assuming,
  decide,
  happened,
  merged,
  START,
  succeeded,
  type Path,
  type Standing,
} from './paths.ts';
import { after, atRest, beginningsOf, canHalt, HALTED, UNKNOWN, verdictOn } from './plan-state.ts';
import { planActionOf, type Plan } from './plans.ts';

/** A command that would not be legal where a path leads. */
export interface Illegal {
  readonly place: Place;
  /** The command is what takes the step back. */
  readonly isRollback: boolean;
  readonly spec: ActionSpec;
  readonly mode: Mode;
  readonly path: Standing;
  /** It is so on every path that leads there. */
  readonly isAlways: boolean;
}

/** What may be looked at in one file: steps times the ways to get there. */
export interface Budget {
  left: number;
}

/** Follows one plan through a runbook in one mode, and finds what would not be legal. */
export function illegalMoves(plan: Plan, mode: Mode, budget: Budget): Illegal[] {
  const walk = new Walk(plan, mode, budget);
  const ends = walk.phase('steps', [START]);
  // A run can end before any of its steps, and what comes last is done however it ended.
  const anyEnd = merged([...ends, ...walk.prefixes()]);
  const cleaned = mode === 'drill' ? walk.phase('cleanup', anyEnd) : anyEnd;
  walk.phase('always', cleaned);
  return walk.found;
}

class Walk {
  readonly found: Illegal[] = [];
  readonly #plan: Plan;
  /** The relevant steps by what they stand in. */
  readonly #children = new Map<Place | Phase, Place[]>();
  readonly #mode: Mode;
  /** The command that tells where the plan is meant to stand at the beginning. */
  readonly #first: Place | undefined;
  readonly #told = new Set<Place>();
  /** Where the plan can stand when the run ends early, by the first way to get there. */
  #prefixes: readonly Path[] = [];
  /** What conditions ask more than once, and which commands they ask for. */
  readonly #tracked: ReadonlySet<string>;
  readonly #commandsBelow = new Map<Place, readonly Place[]>();
  /** How many steps on paths are left to look at. */
  readonly #budget: Budget;

  constructor(plan: Plan, mode: Mode, budget: Budget) {
    this.#budget = budget;
    this.#tracked = askedTwice(
      [...plan.relevant].flatMap(({ step: { if: condition, body } }) => [
        atomsOfText(condition?.text),
        ...(body.kind === 'check' ? [atomsOfText(body.check?.text)] : []),
      ]),
    );
    this.#plan = plan;
    for (const place of plan.relevant) {
      const around = place.parent ?? place.phase;
      pushTo(this.#children, around, place);
    }
    this.#mode = mode;
    this.#first = [...plan.commands].find(
      (place) =>
        specAt(place)?.legal !== undefined &&
        modesOf(place).includes(mode) &&
        [...outwards(place)].every(({ step }) => constantOf(step.if?.text) !== false),
    );
  }

  phase(phase: Phase, before: readonly Path[]): readonly Path[] {
    return this.#list(this.#children.get(phase) ?? [], before);
  }

  #list(places: readonly Place[], before: readonly Path[]): readonly Path[] {
    let paths = before;
    for (const place of places) {
      this.#budget.left -= paths.length;
      if (this.#budget.left < 0) return [];
      paths = merged(this.#step(place, paths));
    }
    return paths;
  }

  /** The ways on which a run ends early; commands that have not begun by then never succeed. */
  prefixes(): readonly Path[] {
    const unknown = [...this.#plan.commands].filter(
      (place) => place.phase === 'steps' && this.#isAsked(place),
    );
    return merged([START, ...this.#prefixes]).map((path) =>
      unknown
        .filter(({ step }) => !path.assumed.holds.has(succeeded(step.id)))
        .reduce((one, { step }) => assuming(one, succeeded(step.id), false), path),
    );
  }

  #isAsked({ step }: Place): boolean {
    return this.#tracked.has(succeeded(step.id));
  }

  #ended(path: Path, place: Place, isWell: boolean): Path {
    return this.#isAsked(place) ? assuming(path, succeeded(place.step.id), isWell) : path;
  }

  #step(place: Place, paths: readonly Path[]): readonly Path[] {
    const { step } = place;
    const constant = constantOf(step.if?.text);
    if (!ownModes(place).includes(this.#mode) || constant === false) {
      return paths.map((path) => this.#leaveOut(place, path));
    }
    if (step.if === undefined || constant === true) return this.#run(place, paths);
    const running: Path[] = [];
    const passing: Path[] = [];
    for (const path of paths) {
      const { holds, fails } = decide(atomsOfText(step.if.text), path, this.#tracked);
      if (holds !== undefined) running.push(holds);
      if (fails !== undefined) passing.push(this.#leaveOut(place, this.#skipped(place, fails)));
    }
    return [...this.#run(place, merged(running)), ...passing];
  }

  /** Only what would have moved the plan is worth a word. */
  #skipped(place: Place, path: Path): Path {
    const isMove = this.#commandsIn(place).length > 0;
    return isMove ? happened(path, place, 'skipped') : path;
  }

  #leaveOut(place: Place, path: Path): Path {
    return this.#commandsIn(place).reduce((one, command) => this.#ended(one, command, false), path);
  }

  #commandsIn(place: Place): readonly Place[] {
    const known = this.#commandsBelow.get(place);
    if (known !== undefined) return known;
    const { commands } = this.#plan;
    const found = commands.has(place)
      ? [place]
      : [...commands].filter(({ first }) => place.first <= first && first <= place.last);
    this.#commandsBelow.set(place, found);
    return found;
  }

  #run(place: Place, paths: readonly Path[]): readonly Path[] {
    const { body } = place.step;
    if (paths.length === 0) return paths;
    switch (body.kind) {
      case 'uses':
        if (this.#plan.commands.has(place)) return this.#command(place, paths);
        break;
      case 'check':
        return this.#check(place, paths);
      case 'runbook':
        // What it does with the plan is its own business.
        if (policyOf(place, this.#mode) === 'rollback') this.#rollBack(paths);
        return paths.map((path) => ({ ...path, state: UNKNOWN, isCertain: false }));
      case 'forEach': {
        const inside = this.#children.get(place) ?? [];
        const once = this.#list(inside, paths);
        return this.#plan.loop === undefined ? merged([...once, ...this.#list(inside, once)]) : once;
      }
      case 'steps':
      case 'parallel':
        return this.#list(this.#children.get(place) ?? [], paths);
      case 'approval':
      case 'manual':
      case 'wait':
      case 'broken':
    }
    if (policyOf(place, this.#mode) === 'rollback') this.#rollBack(paths);
    return paths;
  }

  /** Behind a check that does not let the run go on, what it asks holds. */
  #check(place: Place, paths: readonly Path[]): readonly Path[] {
    const { body } = place.step;
    const policy = policyOf(place, this.#mode);
    if (policy === 'rollback') this.#rollBack(paths);
    if (policy === 'continue' || body.kind !== 'check') return paths;
    return paths.flatMap((path) => decide(atomsOfText(body.check?.text), path, this.#tracked).holds ?? []);
  }

  #command(place: Place, paths: readonly Path[]): readonly Path[] {
    const spec = specAt(place);
    if (spec === undefined) return paths;
    const met: Standing[] = merged(paths.flatMap((path) => this.#begun(place, spec, path)));
    const illegal = met.filter(({ state }) => verdictOn(spec, state, this.#mode) === 'illegal');
    const policy = policyOf(place, this.#mode);
    const [worst] = illegal;
    // Who lets the run go on when it fails has thought of it.
    if (worst !== undefined && policy !== 'continue' && !this.#told.has(place)) {
      this.#told.add(place);
      const isAlways = illegal.length === met.length;
      this.found.push({ place, isRollback: false, spec, mode: this.#mode, path: worst, isAlways });
    }
    return met.flatMap((path) => this.#sent(place, spec, path, policy));
  }

  /** Where the plan stands when a command is sent to it. */
  #begun(place: Place, spec: ActionSpec, path: Path): Standing[] {
    const { state } = path;
    // A command of the cleanup waits until the plan is at rest, and so does a watch.
    const waits = place.phase === 'cleanup' || spec.effect === 'watch';
    if (state !== undefined) {
      return (waits ? atRest(state) : [state]).map((rest) => ({ ...path, state: rest }));
    }
    const first = this.#first === undefined ? undefined : specAt(this.#first);
    const isFirst = place === this.#first || first === undefined || this.#isElsewhere(place);
    const beginnings = beginningsOf(isFirst ? spec : first);
    return beginnings.map((beginning) => ({ ...path, state: beginning }));
  }

  /** Whether a step has conditions of its own, so that it may be meant for a plan that stands elsewhere. */
  #isElsewhere(place: Place): boolean {
    const around = new Set(this.#first === undefined ? [] : conditionsOf(this.#first));
    return conditionsOf(place).some((condition) => !around.has(condition));
  }

  #sent(place: Place, spec: ActionSpec, path: Standing, policy: string | undefined): Path[] {
    const { body } = place.step;
    const { state } = path;
    const verdict = verdictOn(spec, state, this.#mode);
    const failed = this.#ended(path, place, false);
    if (verdict === 'illegal') {
      // In cleanup and always every step is tried; elsewhere people are asked.
      if (policy === 'rollback') this.#rollBack([path]);
      const goesOn = policy === 'continue' || place.phase !== 'steps';
      return goesOn ? [happened(failed, place, 'failed')] : [];
    }
    const did = this.#ended(path, place, true);
    if (verdict === 'done') return [did];
    const settles = body.kind === 'uses' && body.settle !== false;
    const isCertain = path.isCertain && (spec.legal === undefined || spec.legal.confidence === 'A');
    const hasRollback = body.kind === 'uses' && body.rollback !== undefined;
    const ends = after(spec, state, { settles }).map((end) => ({
      ...happened(did, place, 'did'),
      state: end,
      isCertain,
      done: hasRollback ? [...path.done, place] : path.done,
    }));
    const failures = this.#failures(place, spec, failed);
    if (place.phase === 'steps') {
      const early = [...ends, ...failures].map((end) => happened(end, place, 'ended'));
      this.#prefixes = merged([...this.#prefixes, ...early]);
    }
    if (policy === 'rollback') this.#rollBack(failures);
    return policy === 'continue' ? [...ends, ...failures] : ends;
  }

  /** Where a command leaves a plan when it fails: as it was, or halted in the middle. */
  #failures(place: Place, spec: ActionSpec, path: Path): Path[] {
    const failed = happened(path, place, 'failed');
    return canHalt(spec) ? [failed, { ...failed, state: HALTED }] : [failed];
  }

  /** What the run has done is taken back, the latest first. */
  #rollBack(paths: readonly Path[]): void {
    for (const path of paths) {
      let state = path.state;
      for (const place of [...path.done].reverse()) {
        const { body } = place.step;
        const rollback = body.kind === 'uses' ? body.rollback : undefined;
        const action = rollback === undefined ? undefined : planActionOf(rollback.body);
        if (state === undefined || action?.plan !== this.#plan.written) continue;
        const [rest = UNKNOWN] = atRest(state);
        const verdict = verdictOn(action.spec, rest, this.#mode);
        if (verdict === 'illegal') {
          this.#tellRollback(place, action.spec, { ...path, state: rest });
          return;
        }
        state = verdict === 'done' ? rest : (after(action.spec, rest, { settles: true })[0] ?? UNKNOWN);
      }
      if (state !== undefined) this.#prefixes = merged([...this.#prefixes, { ...path, state, done: [] }]);
    }
  }

  #tellRollback(place: Place, spec: ActionSpec, path: Standing): void {
    if (this.#told.has(place)) return;
    this.#told.add(place);
    this.found.push({ place, isRollback: true, spec, mode: this.#mode, path, isAlways: false });
  }
}

function specAt({ step: { body } }: Place): ActionSpec | undefined {
  return body.kind === 'uses' ? planActionOf(body)?.spec : undefined;
}

function policyOf({ step: { onFailure } }: Place, mode: Mode): string | undefined {
  return typeof onFailure === 'object' ? onFailure[mode] : onFailure;
}

function conditionsOf(place: Place): string[] {
  return [...outwards(place)].flatMap(({ step }) => step.if?.text ?? []);
}
