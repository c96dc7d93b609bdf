import type { Verdict } from '../model/vote.ts';

/** What a witness has heard an approver say on the phone. */
export interface SpokenRequest {
  readonly runId: string;
  /** The path of the step that waits. */
  readonly gate: string;
  /** Who said it. */
  readonly approver: string;
  /** The code that they read out, from the message or from the card. */
  readonly code: string;
  readonly decision: 'approve' | 'reject';
  /** Why, as they said it. */
  readonly comment?: string;
}

/** Whether a second witness is still needed (until a time in milliseconds since 1970), or what became of the vote. */
export type SpokenAnswer =
  | { readonly state: 'waitsForWitness'; readonly until: number }
  | { readonly state: 'counted'; readonly heardBy: readonly string[]; readonly verdict: Verdict };

/** One person's yes, which fulfils all rules of an approval. */
export interface BreakGlassRequest {
  readonly runId: string;
  readonly gate: string;
  readonly reason: string;
}

/** How people answer when the usual way is on fire. Both work only where the configuration allows it for the runbook. */
export interface Emergency {
  /**
   * Enters what was heard on the phone. It counts when a second witness, somebody else, has entered the same within 15 minutes.
   * What does not count is kept with the run.
   * @throws MusterError as `vote` does
   */
  spoken(request: SpokenRequest): Promise<SpokenAnswer>;
  /**
   * Approves alone. Everybody is told, and the step ends with a warning.
   * @throws MusterError as `vote` does
   */
  breakGlass(request: BreakGlassRequest): Promise<Verdict>;
}
