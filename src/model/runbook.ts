import type { Json, JsonObject } from './json.ts';

/**
 * The compiled runbook: what `language/` makes of a YAML file and the interpreter runs. It is plain JSON, kept by the
 * SHA-256 of its canonical text, and never changes once a run has started. Durations are milliseconds. Strings that
 * hold `${{ }}` stay as written: they are rendered once, when their step begins.
 */
export interface CompiledRunbook {
  /** Grows when the shape below changes, so that an old run meets an interpreter that knows it. */
  readonly schemaVersion: 1;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  readonly contacts: readonly string[];
  /** Kind of system (`vro`, `vbr`) to the name of a connection in the configuration. */
  readonly connections: { readonly [system: string]: string };
  readonly inputs: { readonly [name: string]: InputSpec };
  /** Values by mode; a variable without modes has the same value in each. */
  readonly vars: { readonly [name: string]: { readonly [mode in Mode]?: Json } };
  readonly steps: readonly Step[];
  readonly cleanup: readonly Step[];
  readonly always: readonly Step[];
}

/** How a run treats the world: a drill practises, a live run is the real thing. */
export type Mode = 'drill' | 'live';
/** Why a run was started. */
export type Purpose = 'exercise' | 'planned' | 'incident';

export const MODES = ['drill', 'live'] as const satisfies readonly Mode[];
export const PURPOSES = ['exercise', 'planned', 'incident'] as const satisfies readonly Purpose[];

/** An input that a run is started with. `vroPlan` is the name or id of a plan. */
export interface InputSpec {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'duration' | 'vroPlan';
  readonly description?: string;
  /** Anchored regular expression over the text of a `string` or `vroPlan`; checked to be of linear time. */
  readonly pattern?: string;
  readonly default?: Json;
}

export type Step = UsesStep | ApprovalStep | WaitStep | CheckStep | BlockStep | ParallelStep;
export type StepKind = Step['kind'];

/** What every kind of step has. */
interface StepBase {
  /** Unique in the runbook; expressions speak of it as `steps.<id>`. */
  readonly id: string;
  /** Where it stands: the ids from the top joined by `/`, e.g. `checks/web`, `cleanup/undo`. */
  readonly path: string;
  readonly title: string;
  /** The modes it runs in; absent means all. */
  readonly modes?: readonly Mode[];
  /** CEL; false means skipped, with the expression as the reason. */
  readonly if?: string;
  readonly onFailure?: FailurePolicy | { readonly [mode in Mode]?: FailurePolicy };
}

/** What a failed step does: wait for people (the default), end the run, or go on as it is. */
export type FailurePolicy = 'pause' | 'stop' | 'continue';

/**
 * What an action does to the world.
 * - `read`: changes nothing.
 * - `command`: changes the world; done at most once.
 * - `watch`: polls until something is done; changes nothing.
 */
export type Effect = 'read' | 'command' | 'watch';

/** What a command can touch: nothing that matters, something isolated from production, or production. */
export type Impact = 'none' | 'isolated' | 'production';

/** Whether and how a command can be taken back. */
export type Undo = 'none' | 'clean' | 'discardsChanges';

/** What the interpreter has to know of an action; the catalog declares it and the compiler copies it in. */
export interface ActionFacts {
  readonly effect: Effect;
  readonly impact: Impact;
  readonly undo: Undo;
  /** The action that watches a command until its target is settled. */
  readonly settlesBy?: string;
  /** What it acts on: `connection/<kind>/<value of that input>`. */
  readonly target?: { readonly kind: 'plan' | 'recoveryToken'; readonly input?: string };
  /** How long it may take when the runbook does not say. Of a command with a watch: how long it is watched. */
  readonly timeoutMs: number;
}

/** Runs an action of the catalog. */
export interface UsesStep extends StepBase {
  readonly kind: 'uses';
  readonly uses: string;
  readonly action: ActionFacts;
  /** The connection it acts on; absent for actions without one (`http.check`). */
  readonly connection?: string;
  readonly with: JsonObject;
  /** How long the action may take; of a command with a watch: how long it is watched. */
  readonly timeoutMs?: number;
  readonly retry?: { readonly attempts: number; readonly backoffMs: number };
  /** Repeats a read until it succeeds and `if` holds over its `output`. */
  readonly until?: { readonly withinMs: number; readonly everyMs: number; readonly if?: string };
}

/** Waits until people say yes. */
export interface ApprovalStep extends StepBase {
  readonly kind: 'approval';
  /** Paths of the steps that a yes allows. */
  readonly covers: readonly string[];
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  readonly timeoutMs?: number;
  /** What the end of `timeout` means. Never a yes. */
  readonly onTimeout: 'hold' | 'reject';
}

/** `count` different people who hold `role`, or who are among `people`. */
export type ApprovalRule =
  | { readonly role: string; readonly count: number }
  | { readonly people: readonly string[]; readonly count: number };

/** Who may not answer although a rule would let them. */
export type Exclusion = 'starter';

/** Waits for a time. */
export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly durationMs: number;
}

/** Fails unless an expression holds. */
export interface CheckStep extends StepBase {
  readonly kind: 'check';
  readonly check: string;
}

/** Steps in order, with a name of their own. */
export interface BlockStep extends StepBase {
  readonly kind: 'steps';
  readonly steps: readonly Step[];
}

/** Branches side by side; waits for all of them. */
export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly branches: readonly Step[];
}

/** The steps right inside `step`; empty for a leaf. */
export function childrenOf(step: Step): readonly Step[] {
  if (step.kind === 'steps') return step.steps;
  return step.kind === 'parallel' ? step.branches : [];
}

/** Every step below `steps`, parents before their children, in the order of the file. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walkSteps(childrenOf(step));
  }
}

/** Every step of a runbook: steps, then cleanup, then always. */
export function allSteps(runbook: CompiledRunbook): Step[] {
  return [...walkSteps(runbook.steps), ...walkSteps(runbook.cleanup), ...walkSteps(runbook.always)];
}

/** The failure policy of `step` in `mode`; people are asked unless the runbook says otherwise. */
export function failurePolicy(step: Step, mode: Mode): FailurePolicy {
  const policy = step.onFailure;
  return (typeof policy === 'object' ? policy[mode] : policy) ?? 'pause';
}
