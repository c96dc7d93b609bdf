import { factsOf, specOf } from '../catalog/index.ts';
import type {
  ForEachStep,
  ManualStep,
  RunbookStep,
  UsesStep,
  WaitStep,
  ApprovalStep,
  CompiledRunbook,
  Step,
} from '../model/runbook.ts';
import { ROLLBACK_ID } from '../model/runbook.ts';
import type { ScheduleSpec } from '../model/schedule.ts';
import type { Library } from './library.ts';
import {
  draftChildren,
  type ApprovalDraft,
  type Declared,
  type Draft,
  type DraftStep,
  type ForEachDraft,
  type ManualDraft,
  type RunbookDraft,
  type ScheduleDraft,
  type UsesDraft,
  type WaitDraft,
} from './shape/draft.ts';
import { valueOf } from './yaml/tree.ts';

/** Makes the compiled runbook of a draft without errors. */
export function emit(draft: Draft, library: Library): CompiledRunbook {
  const paths = new Map<string, string>();
  const remember = (step: DraftStep): void => {
    paths.set(step.id, step.path);
    draftChildren(step).forEach(remember);
  };
  [...draft.steps, ...draft.cleanup, ...draft.always].forEach(remember);
  const step = (each: DraftStep): Step => emitStep(each, { draft, paths, library });
  const { description, owner, authors, objectives, decisions } = draft;
  const outputs = Object.fromEntries([...draft.outputs].map(([name, { value }]) => [name, valueOf(value)]));
  return {
    schemaVersion: 1,
    name: draft.name,
    title: draft.title,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(authors === undefined ? {} : { authors }),
    contacts: draft.contacts,
    connections: draft.connections,
    ...(objectives === undefined ? {} : { objectives }),
    inputs: values(draft.inputs),
    vars: values(draft.vars),
    steps: draft.steps.map(step),
    cleanup: draft.cleanup.map(step),
    always: draft.always.map(step),
    ...(draft.outputs.size === 0 ? {} : { outputs }),
    ...(decisions === undefined ? {} : { decisions }),
  };
}

/** When a runbook is started by itself. */
export function emitSchedule({
  name,
  description,
  cron,
  timezone,
  mode,
  inputs,
}: ScheduleDraft): ScheduleSpec {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    cron,
    timezone,
    mode,
    inputs: Object.fromEntries([...inputs].map(([key, { value }]) => [key, valueOf(value)])),
  };
}

function values<Value>(declared: ReadonlyMap<string, Declared<Value>>): { [name: string]: Value } {
  return Object.fromEntries([...declared].map(([name, { value }]) => [name, value]));
}

interface Context {
  readonly draft: Draft;
  readonly paths: ReadonlyMap<string, string>;
  readonly library: Library;
}

/** What every kind of step has. */
type Base = Pick<
  Step,
  'id' | 'path' | 'title' | 'modes' | 'if' | 'onFailure' | 'window' | 'marks' | 'description' | 'links'
>;

function emitStep(step: DraftStep, context: Context): Step {
  const { description, links, marks, window, onFailure, modes, body } = step;
  const base: Base = {
    id: step.id,
    path: step.path,
    title: titleOf(step),
    ...(description === undefined ? {} : { description }),
    ...(links === undefined ? {} : { links }),
    ...(modes === undefined ? {} : { modes }),
    ...(step.if === undefined ? {} : { if: step.if.text }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(window === undefined ? {} : { window }),
    ...(marks === undefined ? {} : { marks }),
  };
  const inside = (children: readonly DraftStep[]): Step[] =>
    children.map((child) => emitStep(child, context));
  switch (body.kind) {
    case 'uses':
      return emitUses(base, body, context);
    case 'approval':
      return emitApproval(base, body, context);
    case 'manual':
      return emitManual(base, body);
    case 'wait':
      return emitWait(base, body);
    case 'check':
      return { ...base, kind: body.kind, check: body.check?.text ?? 'false' };
    case 'steps':
      return { ...base, kind: body.kind, steps: inside(body.children) };
    case 'parallel': {
      const { kind, maxConcurrency, failFast, children } = body;
      return {
        ...base,
        kind,
        branches: inside(children),
        ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
        ...(failFast === undefined ? {} : { failFast }),
      };
    }
    case 'forEach':
      return emitLoop(base, body, inside(body.children));
    case 'runbook':
      return emitChild(base, body, context);
    case 'broken':
      throw new TypeError(`The step ${step.path} cannot be compiled.`);
  }
}

function emitUses(base: Base, body: UsesDraft, context: Context): UsesStep {
  const { kind, uses, action, timeoutMs, retry, until, accept, settle, rollback } = body;
  if (action === undefined) throw new TypeError(`The step ${base.path} uses no action of the catalog.`);
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
    ...(settle === undefined ? {} : { settle }),
    ...(rollback === undefined
      ? {}
      : {
          rollback: emitUses(
            {
              id: ROLLBACK_ID,
              path: `${base.path}/${ROLLBACK_ID}`,
              title: rollback.title?.text ?? `Take back: ${base.title}`,
            },
            rollback.body,
            context,
          ),
        }),
  };
}

function emitApproval(base: Base, body: ApprovalDraft, { paths }: Context): ApprovalStep {
  const { kind, rules, exclude, comment, escalate, timeoutMs, onTimeout } = body;
  const covers = body.covers.map(({ text }) => paths.get(text) ?? text);
  return {
    ...base,
    kind,
    covers,
    rules,
    exclude,
    ...(comment === undefined ? {} : { comment }),
    ...(escalate === undefined ? {} : { escalate }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onTimeout,
  };
}

function emitManual(base: Base, body: ManualDraft): ManualStep {
  const { kind, instructions, by, fields, answers, escalate, timeoutMs, onTimeout } = body;
  return {
    ...base,
    kind,
    ...(instructions === undefined ? {} : { instructions: instructions.text }),
    by,
    fields,
    answers,
    ...(escalate === undefined ? {} : { escalate }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onTimeout,
  };
}

function emitWait(base: Base, { kind, durationMs, duration, until }: WaitDraft): WaitStep {
  if (until !== undefined) {
    return { ...base, kind, until: 'moment' in until ? { moment: until.moment.text } : until };
  }
  if (duration !== undefined) return { ...base, kind, duration: duration.text };
  return { ...base, kind, durationMs: durationMs ?? 0 };
}

function emitLoop(base: Base, body: ForEachDraft, steps: readonly Step[]): ForEachStep {
  const { kind, items, as, key, maxConcurrency, collect } = body;
  if (items === undefined || as === undefined || key === undefined) {
    throw new TypeError(`The loop ${base.path} cannot be compiled.`);
  }
  return { ...base, kind, items: items.text.trim(), as, key: key.text, maxConcurrency, collect, steps };
}

function emitChild(base: Base, body: RunbookDraft, { library }: Context): RunbookStep {
  const child = library.find(body.runbook.text);
  if (child === undefined) throw new TypeError(`The runbook of ${base.path} cannot be found.`);
  return { ...base, kind: body.kind, runbook: body.runbook.text, digest: child.digest, with: body.with };
}

/** What people read when the author gave no title: what the action does, the condition, or the id. */
function titleOf({ id, title, body }: DraftStep): string {
  if (title !== undefined) return title.text;
  switch (body.kind) {
    case 'uses':
      return body.action === undefined ? id : specOf(body.action).summary;
    case 'approval':
    case 'manual':
      return body.title?.text ?? id;
    case 'check':
      return body.check?.text ?? id;
    case 'runbook':
      return `The runbook ${body.runbook.text}`;
    case 'wait':
    case 'steps':
    case 'parallel':
    case 'forEach':
    case 'broken':
      return id;
  }
}
