import { isActionName, specOf } from '../../catalog/index.ts';
import {
  childrenOf,
  type CompiledRunbook,
  type Mode,
  type Step,
  type UsesStep,
} from '../../model/runbook.ts';
import type { Scope } from '../../model/expression.ts';
import { spokenText } from '../explain/spoken.ts';
import { scopeOf } from '../start/running.ts';
import { EMPTY_LIBRARY, type Library } from '../library.ts';

/** A runbook as a picture: lists of steps that follow each other, some of which hold others. */
export interface RunbookGraph {
  readonly title: string;
  readonly parts: readonly GraphPart[];
}

export interface GraphPart {
  /** `Steps`, `Cleanup`, `Always`. */
  readonly heading: string;
  readonly nodes: readonly GraphNode[];
}

/** What a node is, which decides its shape: people stand out, and so does what touches production. */
export type GraphShape = 'step' | 'production' | 'gate' | 'check' | 'wait';

export type GraphNode =
  | {
      readonly kind: 'leaf';
      readonly path: string;
      readonly label: string;
      readonly note: string;
      readonly shape: GraphShape;
    }
  | {
      readonly kind: 'frame';
      readonly path: string;
      readonly label: string;
      readonly note: string;
      /** `down`: one after the other; `side`: at the same time. */
      readonly flow: 'down' | 'side';
      readonly nodes: readonly GraphNode[];
    };

interface Context {
  readonly mode: Mode | undefined;
  readonly scope: Scope;
  readonly library: Library;
  /** Where the runbook stands in those that run it; paths begin with it. */
  readonly prefix: string;
}

/** Draws the steps of a runbook, of one mode or of both. */
export function graphOf(
  runbook: CompiledRunbook,
  { mode, library = EMPTY_LIBRARY }: { mode?: Mode | undefined; library?: Library } = {},
): RunbookGraph {
  const context: Context = { mode, library, prefix: '', scope: knownIn(runbook, mode) };
  const parts = [
    { heading: 'Steps', nodes: nodesOf(runbook.steps, context) },
    { heading: 'Cleanup', nodes: mode === 'live' ? [] : nodesOf(runbook.cleanup, context) },
    { heading: 'Always', nodes: nodesOf(runbook.always, context) },
  ];
  return { title: runbook.title, parts: parts.filter(({ nodes }) => nodes.length > 0) };
}

function knownIn(runbook: CompiledRunbook, mode: Mode | undefined): Scope {
  return mode === undefined ? {} : scopeOf(runbook, mode, {});
}

function nodesOf(steps: readonly Step[], context: Context): GraphNode[] {
  const { mode } = context;
  return steps
    .filter(({ modes }) => mode === undefined || (modes?.includes(mode) ?? true))
    .map((step) => nodeOf(step, context));
}

function nodeOf(step: Step, context: Context): GraphNode {
  const about = {
    path: `${context.prefix}${step.path}`,
    label: spokenText(step.title, context.scope),
    note: noteOf(step, context.mode),
  };
  const frame = (flow: 'down' | 'side', nodes: readonly GraphNode[]): GraphNode => ({
    kind: 'frame',
    ...about,
    flow,
    nodes,
  });
  switch (step.kind) {
    case 'parallel':
      return frame('side', nodesOf(childrenOf(step), context));
    case 'steps':
    case 'forEach':
      return frame('down', nodesOf(childrenOf(step), context));
    case 'runbook': {
      const child = context.library.find(step.runbook)?.runbook;
      if (child === undefined) return { kind: 'leaf', ...about, shape: 'step' };
      const inside = { ...context, prefix: `${about.path}/`, scope: knownIn(child, context.mode) };
      return frame('down', nodesOf(child.steps, inside));
    }
    case 'uses':
      return { kind: 'leaf', ...about, shape: shapeOf(step) };
    case 'approval':
    case 'manual':
      return { kind: 'leaf', ...about, shape: 'gate' };
    case 'wait':
    case 'check':
      return { kind: 'leaf', ...about, shape: step.kind };
  }
}

function shapeOf({ action: { effect, impact } }: UsesStep): GraphShape {
  return effect === 'command' && impact === 'production' ? 'production' : 'step';
}

/** The second line of a node: what it is, and when. */
function noteOf(step: Step, mode: Mode | undefined): string {
  const when = [
    ...(mode === undefined && step.modes?.length === 1 ? [`${step.modes[0] ?? ''} only`] : []),
    ...(step.if === undefined ? [] : [`if ${step.if}`]),
  ];
  return [whatIs(step), ...when].join(', ');
}

function whatIs(step: Step): string {
  switch (step.kind) {
    case 'uses':
      // Steps that nobody gave a title look alike.
      return isActionName(step.uses) && step.title === specOf(step.uses).summary
        ? `${step.id}: ${step.uses}`
        : step.uses;
    case 'forEach':
      return `for each ${step.as}`;
    case 'runbook':
      return `runbook ${step.runbook}`;
    case 'steps':
      return 'block';
    case 'approval':
    case 'manual':
    case 'wait':
    case 'check':
    case 'parallel':
      return step.kind;
  }
}
