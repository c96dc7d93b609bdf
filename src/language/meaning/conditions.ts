import { ExpressionError, parseExpression, pathOf, type ExpressionNode } from '../../model/expression.ts';
import { MODES, type Mode } from '../../model/runbook.ts';

/**
 * What must hold for a condition to hold.
 * - `there`: a path has a value, so the step it begins with has run and ended well.
 * - `missing`: it has none, since that step was left out or failed.
 * - `mode`: the run is of this mode.
 * - `other`: anything else, by its text; two that are written alike hold together.
 */
export type Atom =
  | { readonly kind: 'there' | 'missing'; readonly path: string }
  | { readonly kind: 'mode'; readonly mode: Mode }
  | { readonly kind: 'other'; readonly text: string };

/** Outcomes of a step that has done what it is for. */
const WELL: ReadonlySet<unknown> = new Set(['succeeded', 'warned']);
/** Outcomes of a step that has not; whoever asks for the others knows of them. */
const NOT_WELL: ReadonlySet<unknown> = new Set(['skipped', 'failed', 'cancelled']);

/** What must all hold when an expression is true, or false. */
export function atomsOf(node: ExpressionNode, holds: boolean): Atom[] {
  switch (node.op) {
    case '&&':
    case '||':
      // Of a disjunction that holds it is not known which side does.
      if ((node.op === '&&') !== holds) break;
      return node.args.flatMap((side) => atomsOf(side, holds));
    case '!_':
      return atomsOf(node.args, !holds);
    case 'call': {
      const [name, [asked]] = node.args;
      const path = name === 'has' && asked !== undefined ? pathOf(asked) : undefined;
      if (path === undefined) break;
      return [{ kind: holds ? 'there' : 'missing', path: path.join('.') }];
    }
    case 'in': {
      const [left, list] = node.args;
      const words = list.op === 'list' ? list.args.map(literal) : [];
      const step = outcomeOf(left);
      if (step === undefined || !holds || !words.every((word) => WELL.has(word))) break;
      return [{ kind: 'there', path: `${step}.output` }];
    }
    case '==':
    case '!=': {
      const special = comparisonAtom(node.args, (node.op === '==') === holds);
      if (special === undefined) break;
      return [special];
    }
    default:
  }
  const text = `${holds ? '' : '!'}${node.input.slice(node.start, node.end).replaceAll(/\s+/g, '')}`;
  return [{ kind: 'other', text }];
}

/** `steps.x.outcome == "succeeded"` and `run.mode == "live"`, either way round. */
function comparisonAtom(
  sides: readonly [ExpressionNode, ExpressionNode],
  isEqual: boolean,
): Atom | undefined {
  for (const [index, side] of sides.entries()) {
    const word = literal(sides[1 - index]);
    const step = outcomeOf(side);
    if (step !== undefined && (WELL.has(word) || NOT_WELL.has(word))) {
      return { kind: WELL.has(word) === isEqual ? 'there' : 'missing', path: `${step}.output` };
    }
    const mode = MODES.find((known) => known === word);
    if (mode === undefined || pathOf(side)?.join('.') !== 'run.mode') continue;
    return { kind: 'mode', mode: isEqual ? mode : mode === 'drill' ? 'live' : 'drill' };
  }
  return undefined;
}

function literal(node: ExpressionNode | undefined): unknown {
  return node?.op === 'value' ? node.args : undefined;
}

/** `steps.x` of `steps.x.outcome`. */
function outcomeOf(node: ExpressionNode): string | undefined {
  const [root, id, what, ...rest] = pathOf(node) ?? [];
  return root === 'steps' && what === 'outcome' && rest.length === 0 ? `${root}.${id ?? ''}` : undefined;
}

const NONE: readonly Atom[] = [];
const KNOWN = new Map<string, readonly Atom[]>();
/** A process that checks many runbooks must not keep every condition it ever saw. */
const MAX_KEPT = 5_000;

/** What must all hold when a condition does; nothing is known of one that cannot be read, which has been reported. */
export function atomsOfText(source: string | undefined): readonly Atom[] {
  if (source === undefined) return NONE;
  const known = KNOWN.get(source);
  if (known !== undefined) return known;
  const atoms = readAtoms(source);
  if (KNOWN.size >= MAX_KEPT) KNOWN.clear();
  KNOWN.set(source, atoms);
  return atoms;
}

function readAtoms(source: string): readonly Atom[] {
  try {
    return atomsOf(parseExpression(source).tree, true);
  } catch (error) {
    if (error instanceof ExpressionError) return NONE;
    throw error;
  }
}

/** Whether an expression that names nothing is always true or always false; undefined when it depends on the run. */
export function constantOf(source: string | undefined): boolean | undefined {
  if (source === undefined) return undefined;
  try {
    const expression = parseExpression(source);
    const value = expression.references.length === 0 ? expression.evaluate({}) : undefined;
    return typeof value === 'boolean' ? value : undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** What is known to hold somewhere. */
export class Facts {
  readonly #there: ReadonlySet<string>;
  readonly #others: ReadonlySet<string>;

  constructor(atoms: Iterable<Atom>, before?: Facts) {
    const there = new Set(before === undefined ? [] : before.#there);
    const others = new Set(before === undefined ? [] : before.#others);
    for (const atom of atoms) {
      if (atom.kind === 'other') others.add(atom.text);
      if (atom.kind === 'missing') others.add(`!${atom.path}`);
      if (atom.kind !== 'there') continue;
      // What has a value stands in something that has one.
      for (let path = atom.path; path.includes('.'); path = path.slice(0, path.lastIndexOf('.'))) {
        there.add(path);
      }
    }
    this.#there = there;
    this.#others = others;
  }

  /** The same, and more. */
  with(atoms: readonly Atom[]): Facts {
    return atoms.length === 0 ? this : new Facts(atoms, this);
  }

  isThere(path: string): boolean {
    return this.#there.has(path);
  }

  /** Whether an atom is known to hold; of modes that is asked elsewhere. */
  has(atom: Atom): boolean {
    switch (atom.kind) {
      case 'there':
        return this.#there.has(atom.path);
      case 'missing':
        return this.#others.has(`!${atom.path}`);
      case 'other':
        return this.#others.has(atom.text);
      case 'mode':
        return true;
    }
  }
}
