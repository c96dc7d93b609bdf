import { pathOf, childNodes, type ExpressionNode } from '../../model/expression.ts';
import type { Mode } from '../../model/runbook.ts';
import type { Draft, DraftStep } from '../shape/draft.ts';
import { atomsOf, atomsOfText, Facts } from './conditions.ts';
import { modesOf, ownModes } from './modes.ts';
import { isBefore, outwards, pushTo, type Place } from './places.ts';

/** A name that may have no value where it is asked for, and where in the expression it stands. */
export interface Unguarded {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
}

/** What of a step can be missing; how it came out and when it ended is always known. */
const MAY_BE_MISSING: ReadonlySet<string | undefined> = new Set(['output', 'startedAt']);
const NOTHING_KNOWN = new Facts([]);

/**
 * Finds names that may have no value: of steps that a runbook itself may leave out (by `if`, `modes`, or because their
 * failure does not stop it), and of inputs that are given at the end. That people can skip any step at a gate is not
 * looked at: whoever does that is asked again where something is missing.
 */
export class Guards {
  readonly #draft: Draft;
  readonly #byId: ReadonlyMap<string, Place>;
  /** Checks that ask for a step, by its id: what they ask holds for all that stands behind them. */
  readonly #checks = new Map<string, Place[]>();
  readonly #facts = new Map<Place, Facts>();

  constructor(draft: Draft, byId: ReadonlyMap<string, Place>) {
    this.#draft = draft;
    this.#byId = byId;
    for (const place of byId.values()) {
      for (const atom of atomsOfCheck(place)) {
        const [, id = ''] = atom.kind === 'there' ? atom.path.split('.') : [];
        pushTo(this.#checks, id, place);
      }
    }
  }

  /** @param isOwnCondition whether it is the `if` of the step itself, which holds for all else in it */
  unguardedIn(
    tree: ExpressionNode,
    place: Place,
    { isOwnCondition }: { isOwnCondition: boolean },
  ): Unguarded[] {
    const found: Unguarded[] = [];
    const around = place.parent === undefined ? NOTHING_KNOWN : this.#factsIn(place.parent);
    const facts = isOwnCondition ? around : around.with(atomsOfText(place.step.if?.text));
    this.#visit(tree, place, facts, found);
    return found;
  }

  /** What holds for all that stands in a step. */
  #factsIn(place: Place): Facts {
    const known = this.#facts.get(place);
    if (known !== undefined) return known;
    const around = place.parent === undefined ? NOTHING_KNOWN : this.#factsIn(place.parent);
    const facts = around.with(atomsOfText(place.step.if?.text));
    this.#facts.set(place, facts);
    return facts;
  }

  #visit(node: ExpressionNode, place: Place, facts: Facts, found: Unguarded[]): void {
    const path = pathOf(node);
    if (path !== undefined) {
      this.#look(path, node, place, facts, found);
      return;
    }
    switch (node.op) {
      case '&&':
      case '||': {
        // Either side may come first: a side that fails does not matter when the other decides.
        const [left, right] = node.args;
        const holds = node.op === '&&';
        this.#visit(left, place, facts.with(atomsOf(right, holds)), found);
        this.#visit(right, place, facts.with(atomsOf(left, holds)), found);
        return;
      }
      case '?:': {
        const [condition, yes, no] = node.args;
        this.#visit(condition, place, facts, found);
        this.#visit(yes, place, facts.with(atomsOf(condition, true)), found);
        this.#visit(no, place, facts.with(atomsOf(condition, false)), found);
        return;
      }
      case 'call': {
        const [name, [asked]] = node.args;
        const inner = name === 'has' && asked !== undefined ? pathOf(asked) : undefined;
        if (inner === undefined) break;
        // Only the last name may be missing: what it is asked of must be there.
        this.#look(inner.slice(0, -1), node, place, facts, found);
        return;
      }
      default:
    }
    for (const child of childNodes(node.args)) this.#visit(child, place, facts, found);
  }

  #look(
    path: readonly string[],
    { start, end }: ExpressionNode,
    place: Place,
    facts: Facts,
    found: Unguarded[],
  ): void {
    const [root, name = '', what] = path;
    if (root === 'inputs') {
      if (this.#draft.inputs.get(name)?.value.requiredBy === undefined || facts.isThere(`inputs.${name}`)) {
        return;
      }
      const message = `\`inputs.${name}\` may be missing here: it is required by the end of the run only.`;
      found.push({ start, end, message, hint: `Ask first: has(inputs.${name}).` });
      return;
    }
    const step = root === 'steps' && MAY_BE_MISSING.has(what) ? this.#byId.get(name) : undefined;
    const asked = `steps.${name}.${what ?? ''}`;
    if (step === undefined || facts.isThere(asked) || facts.isThere(`steps.${name}.output`)) return;
    if (step === place.takesBack) return;
    const [reason] = reasonsToMiss(step, place, facts);
    if (reason === undefined || this.#isChecked(asked, name, place, facts)) return;
    const message = `\`${asked}\` may be missing here: ${reason}.`;
    found.push({ start, end, message, hint: `Ask first: has(${asked}).` });
  }

  /** Whether a check that always runs before has asked for it. */
  #isChecked(asked: string, id: string, place: Place, facts: Facts): boolean {
    return (this.#checks.get(id) ?? []).some(
      (check) =>
        check.phase === place.phase &&
        place.phase === 'steps' &&
        isBefore(check, place) &&
        new Facts(atomsOfCheck(check)).isThere(asked) &&
        reasonsToSkip(check, place, facts).length === 0,
    );
  }
}

/** What holds behind a check: one that fails goes on only when a person says so, or its policy does. */
function atomsOfCheck({ step: { body, onFailure } }: Place): ReturnType<typeof atomsOfText> {
  const policies = typeof onFailure === 'object' ? Object.values(onFailure) : [onFailure];
  if (body.kind !== 'check' || policies.includes('continue')) return [];
  return atomsOfText(body.check?.text);
}

/** Why a step may have no output when another one, that runs, asks for it. */
function reasonsToMiss(asked: Place, asking: Place, facts: Facts): string[] {
  const { id } = asked.step;
  const isEarlierPhase = asked.phase === 'steps' && asking.phase !== 'steps';
  const modes = modesOf(asking);
  return [
    ...reasonsToSkip(asked, asking, facts),
    ...[...outsideOf(asked, asking)].flatMap(({ step }) => {
      const mode = modes.find((one) => policyIn(step, one) === 'continue');
      if (mode === undefined || !canFail(step)) return [];
      const when = typeof step.onFailure === 'object' ? ` of ${mode} runs` : '';
      return [`\`${step.id}\` may fail, and its \`onFailure: continue\`${when} lets the run go on`];
    }),
    ...(isEarlierPhase ? [`\`${asking.phase}\` runs also when the run ended before \`${id}\``] : []),
  ];
}

/** Why a runbook may leave a step out although another one runs. */
function reasonsToSkip(asked: Place, asking: Place, facts: Facts): string[] {
  const modes = modesOf(asking);
  return [...outsideOf(asked, asking)].flatMap((one) => {
    const { step } = one;
    const what = one === asked ? `\`${step.id}\`` : `\`${step.id}\`, in which it stands,`;
    const own = ownModes(one);
    const foreign = modes.find((mode) => !own.includes(mode));
    if (foreign !== undefined) return [`${what} is left out in a ${foreign} run`];
    const isSure = atomsOfText(step.if?.text).every((atom) => facts.has(atom));
    return isSure ? [] : [`${what} is skipped unless \`${shortened(step.if?.text ?? '')}\``];
  });
}

/** A step and what stands around it, as far as the other one does not stand in the same. */
function* outsideOf(place: Place, other: Place): Generator<Place> {
  for (const one of outwards(place)) {
    if (one.first <= other.first && other.last <= one.last && one !== other) return;
    yield one;
  }
}

/** Whether a failure of a step takes its output with it, and those of the steps in it. */
function canFail({ body }: DraftStep): boolean {
  switch (body.kind) {
    case 'uses':
    case 'manual':
    case 'approval':
    case 'runbook':
      return true;
    case 'parallel':
      return body.failFast === true;
    // A loop counts its items also when some have failed; the others answer nothing.
    case 'forEach':
    case 'steps':
    case 'wait':
    case 'check':
    case 'broken':
      return false;
  }
}

function policyIn({ onFailure }: DraftStep, mode: Mode): string | undefined {
  return typeof onFailure === 'object' ? onFailure[mode] : onFailure;
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
