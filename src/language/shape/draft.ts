import type { ActionName } from '../../catalog/index.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type {
  ApprovalRule,
  DecisionRules,
  Escalation,
  Exclusion,
  FieldSpec,
  InputSpec,
  Link,
  ManualStep,
  Marks,
  Mode,
  Objectives,
  Step,
  UsesStep,
  Window,
} from '../../model/runbook.ts';
import type { ScheduleSpec } from '../../model/schedule.ts';
import type { Range } from '../source-text.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { Text } from './values.ts';

/** A runbook whose shape is right, as far as it goes, before its meaning is checked. Remembers where things stand. */
export interface Draft {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  readonly authors?: readonly string[];
  readonly contacts: readonly string[];
  readonly connections: Readonly<Record<string, string>>;
  readonly objectives?: Objectives;
  readonly objectivesAt?: Range;
  readonly inputs: ReadonlyMap<string, Declared<InputSpec>>;
  readonly vars: ReadonlyMap<string, Declared<{ readonly [mode in Mode]?: Json }>>;
  readonly steps: readonly DraftStep[];
  readonly cleanup: readonly DraftStep[];
  readonly always: readonly DraftStep[];
  readonly outputs: ReadonlyMap<string, Declared<Node>>;
  readonly schedules: readonly ScheduleDraft[];
  readonly decisions?: Partial<DecisionRules>;
}

/** When it is started by itself. */
export interface ScheduleDraft extends Pick<
  ScheduleSpec,
  'name' | 'description' | 'cron' | 'timezone' | 'mode'
> {
  readonly at: Range;
  readonly inputs: ReadonlyMap<string, Entry>;
}

export interface Declared<Value> {
  readonly at: Range;
  readonly value: Value;
}

export interface DraftStep {
  readonly id: string;
  readonly path: string;
  /** The id. */
  readonly at: Range;
  readonly title?: Text;
  readonly description?: string;
  readonly links?: readonly Link[];
  readonly marks?: Marks;
  readonly modes?: readonly Mode[];
  readonly if?: Text;
  readonly onFailure?: Step['onFailure'];
  readonly window?: Window;
  readonly body: DraftBody;
}

export type DraftBody =
  | UsesDraft
  | ApprovalDraft
  | ManualDraft
  | WaitDraft
  | CheckDraft
  | GroupDraft
  | ForEachDraft
  | RunbookDraft
  | BrokenDraft;

export interface UsesDraft {
  readonly kind: 'uses';
  readonly uses: Text;
  /** Absent when the catalog has no such action. */
  readonly action?: ActionName;
  readonly connection?: string;
  readonly with: JsonObject;
  readonly withNode?: Node;
  readonly timeoutMs?: number;
  readonly retry?: UsesStep['retry'];
  readonly until?: { readonly withinMs: number; readonly everyMs: number; readonly if?: Text };
  readonly accept?: { readonly warnings: boolean; readonly if?: Text };
  readonly settle?: false;
  readonly rollback?: RollbackDraft;
}

export interface RollbackDraft {
  readonly at: Range;
  readonly title?: Text;
  readonly body: UsesDraft;
}

export interface ApprovalDraft {
  readonly kind: 'approval';
  readonly title?: Text;
  /** Ids, not paths yet. */
  readonly covers: readonly Text[];
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  readonly comment?: 'required';
  readonly escalate?: readonly Escalation[];
  readonly timeoutMs?: number;
  readonly onTimeout: 'hold' | 'reject';
}

export interface ManualDraft {
  readonly kind: 'manual';
  readonly title?: Text;
  readonly instructions?: Text;
  readonly by: readonly string[];
  readonly fields: { readonly [name: string]: FieldSpec };
  readonly answers: ManualStep['answers'];
  readonly escalate?: readonly Escalation[];
  readonly timeoutMs?: number;
  readonly onTimeout: ManualStep['onTimeout'];
}

export interface WaitDraft {
  readonly kind: 'wait';
  readonly durationMs?: number;
  /** A template that yields a duration. */
  readonly duration?: Text;
  /** A time of the day, or a template that yields a moment. */
  readonly until?: { readonly time: string; readonly timezone: string } | { readonly moment: Text };
}

export interface CheckDraft {
  readonly kind: 'check';
  readonly check?: Text;
}

export interface GroupDraft {
  readonly kind: 'steps' | 'parallel';
  readonly children: readonly DraftStep[];
  readonly maxConcurrency?: number;
  readonly failFast?: true;
}

/** Runs another runbook. */
export interface RunbookDraft {
  readonly kind: 'runbook';
  readonly runbook: Text;
  readonly with: JsonObject;
  readonly withNode?: Node;
}

export interface ForEachDraft {
  readonly kind: 'forEach';
  readonly children: readonly DraftStep[];
  /** Absent when something is missing, which has been reported. */
  readonly items?: Text;
  readonly as?: string;
  readonly key?: Text;
  readonly maxConcurrency: number;
  readonly collect: boolean;
}

/** A step that does nothing this version can check; why has been reported. */
export interface BrokenDraft {
  readonly kind: 'broken';
}

/** The steps right inside a step. */
export function draftChildren({ body }: DraftStep): readonly DraftStep[] {
  return 'children' in body ? body.children : [];
}
