import { factsOf, specOf } from '../catalog/index.ts';
import type { CompiledRunbook, Step } from '../model/runbook.ts';
import { draftChildren, type Declared, type Draft, type DraftStep } from './shape/draft.ts';

/** Makes the compiled runbook of a draft without errors. */
export function emit(draft: Draft): CompiledRunbook {
  const paths = new Map<string, string>();
  const remember = (step: DraftStep): void => {
    paths.set(step.id, step.path);
    draftChildren(step).forEach(remember);
  };
  [...draft.steps, ...draft.cleanup, ...draft.always].forEach(remember);
  const step = (each: DraftStep): Step => emitStep(each, { draft, paths });
  return {
    schemaVersion: 1,
    name: draft.name,
    title: draft.title,
    ...(draft.description === undefined ? {} : { description: draft.description }),
    ...(draft.owner === undefined ? {} : { owner: draft.owner }),
    contacts: draft.contacts,
    connections: draft.connections,
    inputs: values(draft.inputs),
    vars: values(draft.vars),
    steps: draft.steps.map(step),
    cleanup: draft.cleanup.map(step),
    always: draft.always.map(step),
  };
}

function values<Value>(declared: ReadonlyMap<string, Declared<Value>>): { [name: string]: Value } {
  return Object.fromEntries([...declared].map(([name, { value }]) => [name, value]));
}

interface Context {
  readonly draft: Draft;
  readonly paths: ReadonlyMap<string, string>;
}

function emitStep(step: DraftStep, context: Context): Step {
  const base = {
    id: step.id,
    path: step.path,
    title: titleOf(step),
    ...(step.modes === undefined ? {} : { modes: step.modes }),
    ...(step.if === undefined ? {} : { if: step.if.text }),
    ...(step.onFailure === undefined ? {} : { onFailure: step.onFailure }),
    ...(step.window === undefined ? {} : { window: step.window }),
  };
  const { body } = step;
  switch (body.kind) {
    case 'uses': {
      const { kind, uses, action, timeoutMs, retry, until, accept } = body;
      if (action === undefined) throw new TypeError(`The step ${step.path} uses no action of the catalog.`);
      const { system } = specOf(action);
      const connection = system && (body.connection ?? context.draft.connections[system]);
      return {
        ...base,
        kind,
        uses: uses.text,
        action: factsOf(action),
        ...(connection === undefined ? {} : { connection }),
        with: body.with,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(retry === undefined ? {} : { retry }),
        ...(until === undefined
          ? {}
          : {
              until: {
                withinMs: until.withinMs,
                everyMs: until.everyMs,
                ...(until.if === undefined ? {} : { if: until.if.text }),
              },
            }),
        ...(accept === undefined
          ? {}
          : {
              accept: {
                warnings: accept.warnings,
                ...(accept.if === undefined ? {} : { if: accept.if.text }),
              },
            }),
      };
    }
    case 'approval': {
      const { kind, rules, exclude, timeoutMs, onTimeout } = body;
      const covers = body.covers.map(({ text }) => context.paths.get(text) ?? text);
      return {
        ...base,
        kind,
        covers,
        rules,
        exclude,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        onTimeout,
      };
    }
    case 'wait':
      return { ...base, kind: body.kind, durationMs: body.durationMs };
    case 'check':
      return { ...base, kind: body.kind, check: body.check?.text ?? 'false' };
    case 'steps':
      return { ...base, kind: body.kind, steps: body.children.map((child) => emitStep(child, context)) };
    case 'parallel':
      return { ...base, kind: body.kind, branches: body.children.map((child) => emitStep(child, context)) };
    case 'forEach': {
      const { kind, items, as, key, maxConcurrency, collect, children } = body;
      if (items === undefined || as === undefined || key === undefined) {
        throw new TypeError(`The loop ${step.path} cannot be compiled.`);
      }
      const steps = children.map((child) => emitStep(child, context));
      return { ...base, kind, items: items.text.trim(), as, key: key.text, maxConcurrency, collect, steps };
    }
    case 'broken':
      throw new TypeError(`The step ${step.path} cannot be compiled.`);
  }
}

/** What people read when the author gave no title: what the action does, the condition, or the id. */
function titleOf({ id, title, body }: DraftStep): string {
  if (title !== undefined) return title.text;
  switch (body.kind) {
    case 'uses':
      return body.action === undefined ? id : specOf(body.action).summary;
    case 'approval':
      return body.title?.text ?? id;
    case 'check':
      return body.check?.text ?? id;
    case 'wait':
    case 'steps':
    case 'parallel':
    case 'forEach':
    case 'broken':
      return id;
  }
}
