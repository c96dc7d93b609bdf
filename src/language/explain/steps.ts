import type { Scope } from '../../model/expression.ts';
import {
  childrenOf,
  type CompiledRunbook,
  type Mode,
  type Step,
  type WaitStep,
} from '../../model/runbook.ts';
import { scopeOf } from '../start/running.ts';
import type { Library } from '../library.ts';
import { byHand, explainAction, isIrreversible, isProduction } from './action.ts';
import type { ExplainedKind, ExplainedStep } from './explanation.ts';
import { explainAbout, explainFailure, explainWhen } from './modifiers.ts';
import { explainApproval, explainManual, fieldsOf, signersOf } from './people.ts';
import { spokenDuration, spokenExpression, spokenText } from './spoken.ts';

/** What the steps of one runbook are explained with. */
export interface StepContext {
  readonly mode: Mode | undefined;
  readonly scope: Scope;
  readonly library: Library;
  /** The number of each step, by path. */
  readonly numbers: ReadonlyMap<string, string>;
  /** The number of the approval that covers each command, by path. */
  readonly approvals: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
}

/** Numbers, titles and covers of all steps that happen in the mode. */
export function contextOf(
  runbook: CompiledRunbook,
  {
    mode,
    scope,
    library,
    prefix,
  }: Pick<StepContext, 'mode' | 'scope' | 'library'> & { readonly prefix: string },
): StepContext {
  const numbers = new Map<string, string>();
  const approvals = new Map<string, string>();
  const titles = new Map<string, string>();
  const visit = (steps: readonly Step[], before: string): void => {
    for (const [index, step] of inMode(steps, mode).entries()) {
      const number = `${before}${index + 1}`;
      numbers.set(step.path, number);
      titles.set(step.path, spokenText(step.title, scope));
      if (step.kind === 'approval') for (const path of step.covers) approvals.set(path, number);
      visit(childrenOf(step), `${number}.`);
    }
  };
  visit(runbook.steps, prefix);
  visit(runbook.cleanup, `${prefix}C`);
  visit(runbook.always, `${prefix}A`);
  return { mode, scope, library, numbers, approvals, titles };
}

/** The steps of a list that happen in the mode. */
export function explainSteps(steps: readonly Step[], context: StepContext): ExplainedStep[] {
  return inMode(steps, context.mode).map((step) => explainStep(step, context));
}

function inMode(steps: readonly Step[], mode: Mode | undefined): readonly Step[] {
  return steps.filter(({ modes }) => mode === undefined || (modes?.includes(mode) ?? true));
}

function explainStep(step: Step, context: StepContext): ExplainedStep {
  const { mode, scope, numbers, titles } = context;
  const hand = step.kind === 'uses' ? byHand(step, scope) : undefined;
  return {
    number: numbers.get(step.path) ?? '',
    path: step.path,
    kind: kindOf(step),
    title: titles.get(step.path) ?? step.title,
    production: step.kind === 'uses' && isProduction(step),
    irreversible: step.kind === 'uses' && isIrreversible(step),
    says: [
      ...explainWhen(step, mode),
      ...explainAbout(step),
      ...explainKind(step, context),
      ...explainFailure(step, mode),
    ],
    ...(hand === undefined ? {} : { byHand: hand }),
    ...(step.kind === 'approval' ? { signers: signersOf(step) } : {}),
    ...(step.kind === 'manual' ? { fields: fieldsOf(step) } : {}),
    children: step.kind === 'runbook' ? explainChild(step, context) : explainSteps(childrenOf(step), context),
  };
}

function kindOf(step: Step): ExplainedKind {
  switch (step.kind) {
    case 'uses':
      return step.action.effect;
    case 'steps':
      return 'block';
    case 'forEach':
      return 'loop';
    case 'approval':
    case 'manual':
    case 'wait':
    case 'check':
    case 'parallel':
    case 'runbook':
      return step.kind;
  }
}

function explainKind(step: Step, context: StepContext): string[] {
  const { scope, titles, approvals, mode } = context;
  switch (step.kind) {
    case 'uses':
      return explainAction(step, { scope, mode, approvalOf: (path) => approvals.get(path) });
    case 'approval':
      return explainApproval(step, (path) => titles.get(path) ?? path);
    case 'manual':
      return explainManual(step, scope);
    case 'wait':
      return [explainWait(step, scope)];
    case 'check':
      return [`It fails unless this holds: ${spokenExpression(step.check)}`];
    case 'steps':
      return ['These steps, one after the other:'];
    case 'parallel': {
      const most = step.maxConcurrency;
      return [
        `These steps side by side${most === undefined ? '' : `, ${most} at a time`}; it ends when all have ended${
          step.failFast === true ? ', or with the first that fails' : ''
        }:`,
      ];
    }
    case 'forEach': {
      const { items, as, maxConcurrency, collect } = step;
      return [
        `For each ${as} of ${spokenText(items, scope)}, ${maxConcurrency === 1 ? 'one after the other' : `${maxConcurrency} at a time`}:`,
        ...(collect ? ['What fails waits for the end, where people are asked once about all of it.'] : []),
      ];
    }
    case 'runbook':
      return [`It runs the runbook ${step.runbook}, as a run of its own in the same mode:`];
  }
}

function explainWait({ durationMs, duration, until }: WaitStep, scope: Scope): string {
  if (until !== undefined) {
    return 'moment' in until
      ? `It waits until ${spokenText(until.moment, scope)}.`
      : `It waits until it is ${until.time} (${until.timezone}).`;
  }
  return `It waits for ${duration === undefined ? spokenDuration(durationMs ?? 0) : spokenText(duration, scope)}.`;
}

/** The steps of a runbook that a step runs, numbered below it. */
function explainChild(
  { path, runbook: name }: Extract<Step, { kind: 'runbook' }>,
  { library, mode, numbers }: StepContext,
): ExplainedStep[] {
  const child = library.find(name)?.runbook;
  if (child === undefined) return [];
  const scope = mode === undefined ? {} : scopeOf(child, mode, {});
  const context = contextOf(child, { mode, scope, library, prefix: `${numbers.get(path) ?? ''}.` });
  return explainSteps(child.steps, context);
}
