import type { Json } from '../../model/json.ts';
import { typedInput } from '../../model/typed-value.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Library } from '../library.ts';
import type { RunbookDraft } from '../shape/draft.ts';
import { nodeAt, scalarsIn, valueOf, type Node } from '../yaml/tree.ts';
import type { Expressions } from './expressions.ts';
import type { Place } from './places.ts';
import { typeOfSpec } from './types/declared.ts';
import type { Type } from './types/type.ts';
import { checkGiven } from './with.ts';

interface Context {
  readonly expressions: Expressions;
  readonly library: Library;
  readonly report: Reporter;
}

/** Checks that the runbook of a step exists, and that it is given what it takes. */
export function checkChild(
  { runbook, withNode }: RunbookDraft,
  place: Place,
  { expressions, library, report }: Context,
): void {
  const given = withNode?.kind === 'map' ? withNode.entries : undefined;
  for (const node of withNode === undefined ? [] : scalarsIn(withNode)) {
    if (typeof node.value === 'string') expressions.template({ text: node.value, node }, place);
  }
  const child = library.find(runbook.text)?.runbook;
  if (child === undefined) {
    const message = `The runbook \`${runbook.text}\` cannot be used here.`;
    report.add('UNKNOWN_RUNBOOK', runbook.node, message, () => library.why(runbook.text));
    return;
  }
  const { inputs } = child;
  for (const { key, at, value } of given?.values() ?? []) {
    const spec = Object.hasOwn(inputs, key) ? inputs[key] : undefined;
    if (spec === undefined) {
      const hint = () => didYouMean(key, Object.keys(inputs)) ?? `It takes ${listed(Object.keys(inputs))}.`;
      report.add('UNKNOWN_KEY', at, `\`${runbook.text}\` has no input \`${key}\`.`, hint);
    } else if ([...scalarsIn(value)].some(({ value: text }) => hasTemplate(text))) {
      const typeOf = (text: string): Type | undefined => expressions.typeOf(text, place);
      checkGiven(value, { name: key, wanted: typeOfSpec(spec), typeOf }, report);
    } else {
      const typed = typedInput(valueOf(value), spec, { readTexts: false });
      if ('value' in typed) continue;
      const message = `\`${key}\`: ${typed.message}`;
      report.add('TYPE', nodeAt(value, typed.at ?? []), message, spec.description);
    }
  }
  for (const [name, { default: preset, requiredBy, description }] of Object.entries(inputs)) {
    if (preset !== undefined || requiredBy !== undefined || given?.has(name) === true) continue;
    const at: Node = withNode ?? runbook.node;
    const hint = description === undefined ? undefined : `It is ${description}.`;
    report.add('REQUIRED', at, `\`${runbook.text}\` needs the input \`${name}\`.`, hint);
  }
}

function hasTemplate(value: Json): boolean {
  return typeof value === 'string' && value.includes('${{');
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
