import { ControlError, type Control } from '../control/index.ts';
import type { KeptVote, VoteStore } from '../store/index.ts';

/** What it takes to bring votes to their runs. */
export interface DeliveryParts {
  readonly control: Pick<Control, 'signalVote' | 'signalCancel'>;
  readonly votes: VoteStore;
}

/** What became of a delivery: Temporal has it, nobody can have it any more, or it is tried again. */
export type Delivery = 'taken' | 'givenUp' | 'later';

/** A run that is over, or was never there, takes no vote. */
const NOBODY_TAKES_IT: ReadonlySet<string> = new Set(['run.ended', 'run.notFound', 'run.badId']);

/**
 * Sends a kept vote to its run. Sending it twice is fine: a run counts a vote once by its id.
 *
 * @throws ControlError of a vote that nobody can take any more; it is noted as given up first
 */
export async function deliverVote(vote: KeptVote, { control, votes }: DeliveryParts): Promise<Delivery> {
  const { id, runId, jws, decision } = vote;
  try {
    await (decision === 'cancel' ? control.signalCancel(runId, jws) : control.signalVote(runId, jws));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (!NOBODY_TAKES_IT.has(error.code)) return 'later';
    await votes.giveUp(id, error.code);
    throw error;
  }
  await votes.taken(id);
  return 'taken';
}

/** As many as a run verifies at once. */
const VOTES_AT_A_TIME = 500;

/**
 * Sends every vote again that Temporal has not taken yet, oldest first. It stops at the first that has to wait: the server is
 * away, and the others would wait as well.
 *
 * @returns how many Temporal has taken
 */
export async function deliverWaiting(parts: DeliveryParts, now: number): Promise<number> {
  let taken = 0;
  for (const vote of await parts.votes.waiting(now, VOTES_AT_A_TIME)) {
    const how = await deliverVote(vote, parts).catch((error: unknown): Delivery => {
      if (error instanceof ControlError) return 'givenUp';
      throw error;
    });
    if (how === 'later') break;
    if (how === 'taken') taken += 1;
  }
  return taken;
}
