import type { Refusal, RefusedVote } from '../model/vote.ts';
import type { HeardVote } from '../model/witness.ts';

/** What became of what a witness has entered: one of them so far, or both; or why it does not count. */
export type HearResult = { readonly heard: readonly HeardVote[] } | { readonly refusal: Refusal };

/** What witnesses say that they have heard on the phone. Nothing of it is ever changed, but for the vote that came of it. */
export interface SpokenStore {
  /**
   * Keeps what a witness has entered. With what another witness has entered since `since`, and nothing came of yet, it is for
   * the vote of the id `vote`. Two who enter at once are taken one after the other.
   *
   * @param options.isRight whether the code is that of the gate; a wrong one is kept as a refusal
   * @param options.maxWrong after so many wrong codes of one witness at one opening no code is right
   */
  hear(
    entered: HeardVote,
    options: {
      readonly vote: string;
      readonly since: number;
      readonly isRight: boolean;
      readonly maxWrong: number;
    },
  ): Promise<HearResult>;
  /** Keeps that it does not count. */
  refuse(entered: HeardVote, refusal: Refusal): Promise<void>;
  /** What the witnesses of a vote have entered, in order. */
  of(vote: string): Promise<readonly HeardVote[]>;
  /** What did not count at gates of a run, newest first, and how much it was. */
  refused(
    run: string,
    limit: number,
  ): Promise<{ readonly total: number; readonly latest: readonly RefusedVote[] }>;
}
