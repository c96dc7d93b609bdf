import type { Json, JsonObject } from './json.ts';
import type { FailureDecision } from './vote.ts';

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
  /** Who wrote it, by their ids: approvals may exclude them. */
  readonly authors?: readonly string[];
  readonly contacts: readonly string[];
  /** Kind of system (`vro`, `vbr`) to the name of a connection in the configuration. */
  readonly connections: { readonly [system: string]: string };
  /** What was promised to the business; a run is measured against it. */
  readonly objectives?: Objectives;
  readonly inputs: { readonly [name: string]: InputSpec };
  /** Values by mode; a variable without modes has the same value in each. */
  readonly vars: { readonly [name: string]: { readonly [mode in Mode]?: Json } };
  readonly steps: readonly Step[];
  readonly cleanup: readonly Step[];
  readonly always: readonly Step[];
  /** What the run answers when it has ended: templates by name. */
  readonly outputs?: JsonObject;
  /** Who takes which decision on a failed step, where that is not one operator. */
  readonly decisions?: Partial<DecisionRules>;
}

/** What was promised to the business. Milliseconds. */
export interface Objectives {
  /** The most time from the loss to the recovery. */
  readonly rtoMs?: number;
  /** The most time for which data may be lost. */
  readonly rpoMs?: number;
  /** How often this is practised at least. */
  readonly drillEveryMs?: number;
}

/** How a run treats the world: a drill practises, a live run is the real thing. */
export type Mode = 'drill' | 'live';
/** Why a run was started. */
export type Purpose = 'exercise' | 'planned' | 'incident';

export const MODES = ['drill', 'live'] as const satisfies readonly Mode[];
export const PURPOSES = ['exercise', 'planned', 'incident'] as const satisfies readonly Purpose[];

/** The type of one value. `vroPlan` is the name or id of a plan. */
export type ScalarType = 'string' | 'integer' | 'number' | 'boolean' | 'duration' | 'vroPlan';

/** The fields of an object: it has all of them and no other. */
export interface FieldTypes {
  readonly [field: string]: ScalarType;
}

/** What the items of a list are. */
export type ItemType = ScalarType | FieldTypes;

/** An input that a run is started with. */
export interface InputSpec {
  readonly type: ScalarType | 'list' | 'object';
  /** Of a list: what its items are. Of an object: its fields. */
  readonly of?: ItemType;
  readonly description?: string;
  /** Anchored regular expression over the text of a `string` or `vroPlan`; checked to be of linear time. */
  readonly pattern?: string;
  readonly default?: Json;
  /** `end`: a run starts without it, and asks for it before it ends. */
  readonly requiredBy?: 'end';
}

export type Step =
  | UsesStep
  | ApprovalStep
  | ManualStep
  | WaitStep
  | CheckStep
  | BlockStep
  | ParallelStep
  | ForEachStep
  | RunbookStep;
export type StepKind = Step['kind'];

/** What every kind of step has. */
interface StepBase {
  /** Unique in the runbook; expressions speak of it as `steps.<id>`. */
  readonly id: string;
  /** Where it stands: the ids from the top joined by `/`, e.g. `checks/web`, `cleanup/undo`. */
  readonly path: string;
  readonly title: string;
  /** For people: more than fits into the title. */
  readonly description?: string;
  readonly links?: readonly Link[];
  /** The modes it runs in; absent means all. */
  readonly modes?: readonly Mode[];
  /** CEL; false means skipped, with the expression as the reason. */
  readonly if?: string;
  readonly onFailure?: FailurePolicy | { readonly [mode in Mode]?: FailurePolicy };
  /** When it may begin; absent means at any time. */
  readonly window?: Window;
  readonly marks?: Marks;
}

/** Where people can read on. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** Where the clock of an application starts and ends. */
export interface Marks {
  /** The applications that are lost when this step begins; without such a step, when the run begins. */
  readonly lost?: readonly string[];
  /** The applications that are back when this step has ended well. */
  readonly recovered?: readonly string[];
}

/**
 * A time of the day in which a step may begin, and does not begin unless `needsMs` of it are left. `to` at or before
 * `from` is on the next day.
 */
export interface Window {
  /** `HH:MM`, by the clocks of `timezone`. */
  readonly from: string;
  readonly to: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timezone: string;
  /** The days on which it opens; absent means every day. */
  readonly days?: readonly Weekday[];
  readonly needsMs: number;
  /** What is done when it has passed unused: wait for the next one, or ask people. */
  readonly missed: 'wait' | 'hold';
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * What a failed step does: wait for people (the default), end the run, go on as it is, or take back what the run has done
 * and end it.
 */
export type FailurePolicy = 'pause' | 'stop' | 'continue' | 'rollback';

/**
 * What an action does to the world.
 * - `read`: changes nothing.
 * - `command`: changes the world; done at most once.
 * - `watch`: polls until something is done; changes nothing.
 * - `notify`: tells people, as well as it can: a step that does never fails for it.
 */
export type Effect = 'read' | 'command' | 'watch' | 'notify';

/** What a command can touch: nothing that matters, something isolated from production, or production. */
export type Impact = 'none' | 'isolated' | 'production';

/** Whether and how a command can be taken back. */
export type Undo = 'none' | 'clean' | 'discardsChanges';

/** The kinds of thing that a command can act on. */
export type TargetKind = 'plan' | 'replica' | 'recoveryToken' | 'session' | 'alarm';

/** What the interpreter has to know of an action; the catalog declares it and the compiler copies it in. */
export interface ActionFacts {
  readonly effect: Effect;
  readonly impact: Impact;
  readonly undo: Undo;
  /** The action that watches a command until its target is settled. */
  readonly settlesBy?: string;
  /** What it acts on: `connection/<kind>/<value of that input>`. */
  readonly target?: { readonly kind: TargetKind; readonly input?: string };
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
  readonly retry?: Retry;
  /** Repeats a read until it succeeds and `if` holds over its `output`. */
  readonly until?: { readonly withinMs: number; readonly everyMs: number; readonly if?: string };
  readonly accept?: Accept;
  /** `false`: a command is not watched after it was sent. */
  readonly settle?: false;
  /** Takes back what this step did; its path ends with `/rollback`. */
  readonly rollback?: UsesStep;
}

/** The last part of the path of what takes a step back. */
export const ROLLBACK_ID = 'rollback';

/** How often a read or watch is tried, and for which failures. */
export interface Retry {
  /** In all. */
  readonly attempts: number;
  /** Before the second attempt. */
  readonly backoffMs: number;
  /** Each further pause is so many times as long; absent means 1. */
  readonly factor?: number;
  /** The longest pause. */
  readonly maxBackoffMs?: number;
  /** Codes of failures, or their beginnings up to a dot and a star; absent means all that may be retried. */
  readonly on?: readonly string[];
}

/** What counts as good enough, so that the step ends as `warned` and asks nobody. */
export interface Accept {
  /** Whether an end with warnings is; so unless this is false. */
  readonly warnings: boolean;
  /** CEL over `output`; must hold for an end with warnings, and lets an end with errors pass. Absent: no error passes. */
  readonly if?: string;
}

/** Waits until people say yes. */
export interface ApprovalStep extends StepBase {
  readonly kind: 'approval';
  /** Paths of the steps that a yes allows. */
  readonly covers: readonly string[];
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  /** A yes needs a reason, as a no always does. */
  readonly comment?: 'required';
  /** In the order of time. */
  readonly escalate?: readonly Escalation[];
  readonly timeoutMs?: number;
  /** What the end of `timeout` means. Never a yes. */
  readonly onTimeout: 'hold' | 'reject';
}

/** `count` different people who hold `role`, or who are among `people`. */
export type ApprovalRule =
  | { readonly role: string; readonly count: number }
  | { readonly people: readonly string[]; readonly count: number };

/** Who may take which decision on a failed step; `default` is for all that are not named. */
export type DecisionRules = { readonly default: ApprovalRule } & {
  readonly [decision in FailureDecision]?: ApprovalRule;
};

/** Who may not answer although a rule would let them. */
export const EXCLUSIONS = ['starter', 'author', 'previous-approver'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** Whom to tell as well when nobody has answered by then. They may not answer for that. */
export interface Escalation {
  /** From the opening of the gate. */
  readonly afterMs: number;
  /** A role. */
  readonly to: string;
}

/** Waits until somebody has done something, and says how it came out. */
export interface ManualStep extends StepBase {
  readonly kind: 'manual';
  /** What to do; may hold templates, which are rendered when people are asked. */
  readonly instructions?: string;
  /** Roles of which one person must have one. */
  readonly by: readonly string[];
  /** What whoever answers fills in. */
  readonly fields: { readonly [name: string]: FieldSpec };
  /** The possible answers, and how the step ends with each. */
  readonly answers: { readonly [answer: string]: 'succeeded' | 'warned' | 'failed' };
  readonly escalate?: readonly Escalation[];
  readonly timeoutMs?: number;
  readonly onTimeout: 'hold' | 'fail';
}

/** One thing that people fill in. */
export interface FieldSpec {
  readonly type: ScalarType;
  /** As of an input. */
  readonly pattern?: string;
  readonly description?: string;
  readonly optional?: true;
}

/** Waits for a time: a duration, a template that yields a duration, or until a time. */
export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly durationMs?: number;
  readonly duration?: string;
  readonly until?: WaitUntil;
}

/** The next time that the clocks of a place show `time` (`HH:MM`), or a moment: a template that yields ISO 8601. */
export type WaitUntil = { readonly time: string; readonly timezone: string } | { readonly moment: string };

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
  /** How many are under way at a time; absent means all. */
  readonly maxConcurrency?: number;
  /** The first branch that fails ends the others and the step. */
  readonly failFast?: true;
}

/** Runs another runbook as a run of its own, in the same mode. */
export interface RunbookStep extends StepBase {
  readonly kind: 'runbook';
  /** Its name, and what it is called by people. */
  readonly runbook: string;
  /** SHA-256 of its canonical JSON: what was checked is what runs. */
  readonly digest: string;
  readonly with: JsonObject;
}

/** Runs its steps once for each item of a list. */
export interface ForEachStep extends StepBase {
  readonly kind: 'forEach';
  /** A template that yields the list. It is rendered once, when the loop begins. */
  readonly items: string;
  /** What expressions in the loop call the item. */
  readonly as: string;
  /** A template that names the item: a text, unique in the list. */
  readonly key: string;
  /** How many items are under way at a time. */
  readonly maxConcurrency: number;
  /** Whether failures wait for the end of the loop, where people are asked once about all of them. */
  readonly collect: boolean;
  /** What is done for each item; the path of an iteration has the item's key in it, these have not. */
  readonly steps: readonly Step[];
}

/** The steps right inside `step`, of a loop as they are written; empty for a leaf. */
export function childrenOf(step: Step): readonly Step[] {
  if (step.kind === 'steps' || step.kind === 'forEach') return step.steps;
  return step.kind === 'parallel' ? step.branches : [];
}

/** Every step below `steps`, parents before their children, in the order of the file. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walkSteps(childrenOf(step));
  }
}

/** Every step below `steps`, of a loop only itself: what stands in that is many steps. */
export function* outsideLoops(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind !== 'forEach') yield* outsideLoops(childrenOf(step));
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
