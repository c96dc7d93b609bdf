import { parseExpression } from '../../model/expression.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Step } from '../../model/runbook.ts';
import { templateReferences } from '../../model/template.ts';

/** The names a step of a compiled runbook refers to, `root.name`. It has been checked that all can be read. */
export function referencesOf(step: Step): Set<string> {
  const bare = [step.if, step.kind === 'check' ? step.check : undefined];
  const rendered: Json[] = [step.title];
  if (step.kind === 'uses') {
    bare.push(step.until?.if, step.accept?.if);
    rendered.push(step.with, step.rollback?.with ?? null);
  }
  if (step.kind === 'runbook') rendered.push(step.with);
  if (step.kind === 'manual') rendered.push(step.instructions ?? null);
  if (step.kind === 'wait') {
    rendered.push(step.duration ?? null);
    if (step.until !== undefined && 'moment' in step.until) rendered.push(step.until.moment);
  }
  if (step.kind === 'forEach') rendered.push(step.items, step.key);
  const references = [
    ...bare.flatMap((source) => (source === undefined ? [] : parseExpression(source).references)),
    ...rendered.flatMap(textsIn).flatMap(templateReferences),
  ];
  return new Set(references.map(({ path: [root = '', name = ''] }) => `${root}.${name}`));
}

/** Every text in a value. */
export function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
