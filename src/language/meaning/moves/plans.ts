import { specOf, type ActionSpec } from '../../../catalog/index.ts';
import { ExpressionError } from '../../../model/expression.ts';
import { templateReferences } from '../../../model/template.ts';
import type { RunbookDraft, UsesDraft } from '../../shape/draft.ts';
import { scalarsIn } from '../../yaml/tree.ts';
import { atomsOfText } from '../conditions.ts';
import { loopsAround, outwards, pushTo, type LoopPlace, type Place } from '../places.ts';

/** A plan that a runbook commands, as it is written, and the steps that matter for it. */
export interface Plan {
  /** What stands in `with`: a name, or a template. */
  readonly written: string;
  /** The loop that has a plan of its own for each item. */
  readonly loop: LoopPlace | undefined;
  readonly commands: ReadonlySet<Place>;
  /** The commands, what stands around them, and what else has a say: in the order of the file. */
  readonly relevant: readonly Place[];
}

/** The action of a step on a plan, and which plan. */
export interface PlanAction {
  readonly spec: ActionSpec;
  readonly plan: string;
}

/** What a step does with a plan; undefined when it uses no action on one, or which one cannot be read. */
export function planActionOf({ action, withNode }: UsesDraft): PlanAction | undefined {
  const spec = action === undefined ? undefined : specOf(action);
  const { kind, input } = spec?.target ?? {};
  if (spec === undefined || kind !== 'plan' || input === undefined || withNode?.kind !== 'map') {
    return undefined;
  }
  const node = withNode.entries.get(input)?.value;
  const written = node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  return written === undefined ? undefined : { spec, plan: written.trim() };
}

/** The plans of a runbook, each with its steps. */
export function plansOf(places: readonly Place[]): Plan[] {
  const plans = new Map<string, { written: string; loop: LoopPlace | undefined; commands: Place[] }>();
  for (const place of places) {
    const { body } = place.step;
    const found = body.kind === 'uses' ? planActionOf(body) : undefined;
    if (found === undefined || body.kind !== 'uses' || !movesOrRests(body)) continue;
    const loop = loopOf(found.plan, place);
    const key = `${body.connection ?? ''} ${loop?.step.path ?? ''} ${found.plan}`;
    const plan = plans.get(key) ?? { written: found.plan, loop, commands: [] };
    plan.commands.push(place);
    plans.set(key, plan);
  }
  const bystanders = bystandersIn(places);
  return [...plans.values()].flatMap(({ written, loop, commands }) => {
    // One action alone is legal wherever it is done; without a command nothing moves.
    const hasRollback = commands.some(
      ({ step: { body } }) => body.kind === 'uses' && body.rollback !== undefined,
    );
    if (commands.length < 2 && !hasRollback) return [];
    return {
      written,
      loop,
      commands: new Set(commands),
      relevant: relevantTo(written, commands, bystanders),
    };
  });
}

/** The innermost loop whose item is the plan. */
function loopOf(written: string, place: Place): LoopPlace | undefined {
  const roots = new Set(rootsIn(written));
  return loopsAround(place).find(({ step }) => roots.has(step.body.as ?? ''));
}

function rootsIn(text: string): string[] {
  try {
    return templateReferences(text).map(({ path: [root = ''] }) => root);
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** A command, or a watch that waits until a plan is at rest; reads change nothing. */
function movesOrRests({ action }: UsesDraft): boolean {
  return action === 'vro.waitUntilStable' || (action !== undefined && specOf(action).effect === 'command');
}

/** Steps that are no commands and have a say in where a plan stands. */
interface Bystanders {
  readonly runbooks: readonly Place[];
  /** Steps whose failure takes back what was done. */
  readonly withRollback: readonly Place[];
  /** Checks by the ids of the steps that they ask for. */
  readonly checks: ReadonlyMap<string, readonly Place[]>;
}

function bystandersIn(places: readonly Place[]): Bystanders {
  const checks = new Map<string, Place[]>();
  for (const place of places) {
    const { body } = place.step;
    for (const atom of atomsOfText(body.kind === 'check' ? body.check?.text : undefined)) {
      const [, id = ''] = atom.kind === 'there' ? atom.path.split('.') : [];
      pushTo(checks, id, place);
    }
  }
  return {
    runbooks: places.filter(({ step: { body } }) => body.kind === 'runbook'),
    withRollback: places.filter(hasRollbackPolicy),
    checks,
  };
}

function relevantTo(
  written: string,
  commands: readonly Place[],
  { runbooks, withRollback, checks }: Bystanders,
): readonly Place[] {
  const canRollBack = commands.some(
    ({ step: { body } }) => body.kind === 'uses' && body.rollback !== undefined,
  );
  const all = [
    ...commands,
    ...commands.flatMap(({ step: { id } }) => checks.get(id) ?? []),
    ...runbooks.filter(({ step: { body } }) => body.kind === 'runbook' && isGiven(body, written)),
    ...(canRollBack ? withRollback : []),
  ];
  const relevant = new Set(all.flatMap((place) => [...outwards(place)]));
  return [...relevant].sort((a, b) => a.first - b.first);
}

function isGiven({ withNode }: RunbookDraft, written: string): boolean {
  const scalars = withNode === undefined ? [] : [...scalarsIn(withNode)];
  return scalars.some(({ value }) => typeof value === 'string' && value.trim() === written);
}

function hasRollbackPolicy({ step: { onFailure } }: Place): boolean {
  return (typeof onFailure === 'object' ? Object.values(onFailure) : [onFailure]).includes('rollback');
}
