import type { Mode } from '../model/runbook.ts';

/**
 * What a step would do now.
 * - `read`: it was done, since it only reads.
 * - `would`: it would happen.
 * - `ask`: people would be asked.
 * - `later`: what it would do depends on steps before it that were not done.
 * - `skip`: it would be left out.
 * - `blocked`: it would fail, or nobody could answer; somebody should look before the run is started.
 */
export type DryRunVerdict = 'read' | 'would' | 'ask' | 'later' | 'skip' | 'blocked';

export interface DryRunStep {
  readonly path: string;
  readonly title: string;
  /** How many steps it stands in. */
  readonly depth: number;
  readonly verdict: DryRunVerdict;
  /** Sentences; words of a server may be in them. */
  readonly says: readonly string[];
  /** Of what is blocked: why. */
  readonly code?: string;
  /** How long it took in past runs. */
  readonly estimate?: StepEstimate;
}

/** How long a step took in past runs, as medians in milliseconds. */
export interface StepEstimate {
  /** In so many of them it ended well. */
  readonly runs: number;
  /** Without the time in which people were waited for. */
  readonly takesMs: number;
  readonly peopleMs: number;
}

/** How long past runs that ended well took, as medians in milliseconds. */
export interface PastEstimate extends StepEstimate {
  readonly kind: 'estimate';
  /** What those runs were: when none ended well in the mode that is asked for, those in the other one are told. */
  readonly mode: Mode;
  /** How many of them ran another version of the runbook. */
  readonly changed: number;
}

/** What past runs say about how long it will take; nothing is made up when they say nothing. */
export type DryRunEstimate =
  | PastEstimate
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly code: string; readonly why: string };

/** What `muster dry-run` found. Nothing was changed for it. */
export interface DryRunReport {
  readonly runbook: string;
  readonly title: string;
  readonly mode: Mode;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly steps: readonly DryRunStep[];
  readonly estimate: DryRunEstimate;
}
