/** A runbook in plain sentences, for people who do not read YAML. Texts of the file stand in it as they are. */
export interface Explanation {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  readonly contacts: readonly string[];
  /** What it is read for; absent: for both. */
  readonly mode?: 'drill' | 'live';
  /** What was promised to the business. */
  readonly objectives: readonly string[];
  /** When it is started by itself. */
  readonly schedules: readonly string[];
  readonly needs: readonly ExplainedInput[];
  /** What is touched in production, and what cannot be undone. */
  readonly warnings: readonly string[];
  /** What holds of every step that says nothing else. */
  readonly failure: string;
  readonly parts: readonly ExplainedPart[];
  /** What the run answers. */
  readonly outputs: readonly string[];
}

export interface ExplainedInput {
  readonly name: string;
  /** `the plan to fail over; ERP-CANARY unless said otherwise`. */
  readonly says: string;
}

export interface ExplainedPart {
  readonly heading: string;
  /** When it happens, where that is not obvious. */
  readonly says?: string;
  readonly steps: readonly ExplainedStep[];
}

/** What a step is for whoever reads along. */
export type ExplainedKind =
  | 'read'
  | 'command'
  | 'watch'
  | 'notify'
  | 'approval'
  | 'manual'
  | 'wait'
  | 'check'
  | 'block'
  | 'parallel'
  | 'loop'
  | 'runbook';

export interface ExplainedStep {
  /** `3.1`; of cleanup `C1`, of always `A1`. */
  readonly number: string;
  readonly path: string;
  readonly kind: ExplainedKind;
  readonly title: string;
  /** Whether it touches production. */
  readonly production: boolean;
  /** Whether it cannot be undone. */
  readonly irreversible: boolean;
  /** What it does, one sentence each. */
  readonly says: readonly string[];
  /** How somebody does it without muster. */
  readonly byHand?: string;
  /** Of an approval: who signs. */
  readonly signers?: readonly string[];
  /** Of a manual step: what is filled in. */
  readonly fields?: readonly string[];
  readonly children: readonly ExplainedStep[];
}
