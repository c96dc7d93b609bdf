import type { StepFailure } from './failure.ts';
import type { JsonObject } from './json.ts';
import type { Decision } from './vote.ts';
import type { Outcome } from './run.ts';

/** Detail of the failure of a command that was not begun because what led to it could not be entered. */
export const NOT_ENTERED = { entered: false } as const;

/** Whether a command failed like that. */
export function wasNotEntered({ details }: StepFailure): boolean {
  return details?.['entered'] === NOT_ENTERED.entered;
}

/**
 * What a run tells the ledger of itself: what its activities cannot know. Times are milliseconds since 1970, by workflow
 * time. Told again (by a replay), it is the same.
 */
export type RunNote =
  | {
      readonly kind: 'run.started';
      readonly at: number;
      readonly inputs: JsonObject;
      readonly parent?: { readonly runId: string; readonly path: string };
    }
  | {
      readonly kind: 'step.ended';
      readonly at: number;
      readonly path: string;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly action?: string;
      readonly startedAt?: number;
      readonly reason?: string;
      readonly failure?: string;
      /** Its output, or the digest that a large one is kept by. */
      readonly output?: JsonObject;
      readonly outputDigest?: string;
    }
  | {
      readonly kind: 'gate.decided';
      readonly at: number;
      readonly path: string;
      readonly nonce: string;
      readonly digest: string;
      readonly by: 'vote' | 'timeout' | 'noticed';
      readonly votes: readonly string[];
      readonly deviation?: 'break-glass';
    }
  | {
      readonly kind: 'decision';
      readonly at: number;
      readonly path: string;
      readonly attempt: number;
      readonly decision: Decision;
      readonly person: string;
      readonly failure: string;
    }
  | {
      readonly kind: 'run.ended';
      readonly at: number;
      readonly outcome: Outcome;
      readonly achievedRtoMs?: number;
    };
