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
}

/** What `muster dry-run` found. Nothing was changed for it. */
export interface DryRunReport {
  readonly runbook: string;
  readonly title: string;
  readonly mode: Mode;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly steps: readonly DryRunStep[];
}
