import type { ActionName } from '../../catalog/index.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type {
  ApprovalRule,
  Exclusion,
  InputSpec,
  Mode,
  Step,
  UsesStep,
  Window,
} from '../../model/runbook.ts';
import type { Range } from '../source-text.ts';
import type { Node } from '../yaml/tree.ts';
import type { Text } from './values.ts';

/** A runbook whose shape is right, as far as it goes, before its meaning is checked. Remembers where things stand. */
export interface Draft {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  readonly contacts: readonly string[];
  readonly connections: Readonly<Record<string, string>>;
  readonly inputs: ReadonlyMap<string, Declared<InputSpec>>;
  readonly vars: ReadonlyMap<string, Declared<{ readonly [mode in Mode]?: Json }>>;
  readonly steps: readonly DraftStep[];
  readonly cleanup: readonly DraftStep[];
  readonly always: readonly DraftStep[];
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
  readonly modes?: readonly Mode[];
  readonly if?: Text;
  readonly onFailure?: Step['onFailure'];
  readonly window?: Window;
  readonly body: DraftBody;
}

export type DraftBody =
  UsesDraft | ApprovalDraft | WaitDraft | CheckDraft | GroupDraft | ForEachDraft | BrokenDraft;

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
}

export interface ApprovalDraft {
  readonly kind: 'approval';
  readonly title?: Text;
  /** Ids, not paths yet. */
  readonly covers: readonly Text[];
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  readonly timeoutMs?: number;
  readonly onTimeout: 'hold' | 'reject';
}

export interface WaitDraft {
  readonly kind: 'wait';
  readonly durationMs: number;
}

export interface CheckDraft {
  readonly kind: 'check';
  readonly check?: Text;
}

export interface GroupDraft {
  readonly kind: 'steps' | 'parallel';
  readonly children: readonly DraftStep[];
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
