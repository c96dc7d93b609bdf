import { wantsReason } from '../model/cast.ts';
import type { Offer } from '../model/offers.ts';
import type { Gate, StepRecord, Timeline } from '../model/run.ts';
import { REFUSALS } from '../model/vote.ts';
import { MusterError } from './errors.ts';
import type { VoteRequest } from './muster.ts';

/** A step that waits for people, and what it asks them. */
export interface OpenGate {
  readonly step: StepRecord;
  readonly gate: Gate;
}

/** The gates of a run that take answers now. */
export function openGates(steps: readonly StepRecord[]): OpenGate[] {
  return steps.flatMap((step) =>
    step.state === 'waiting' && step.gate !== undefined && step.gate.closedAt === undefined
      ? [{ step, gate: step.gate }]
      : [],
  );
}

/**
 * Only the end closes a run to answers: its outcome is known earlier, while `always` still runs.
 *
 * @throws MusterError `run.ended`
 */
export function assertGoesOn({ endedAt, outcome }: Timeline): void {
  if (endedAt !== undefined) throw new MusterError('run.ended', `The run is over: ${outcome ?? 'ended'}.`);
}

/**
 * The gate a vote is for.
 *
 * @throws MusterError `run.ended`, or `gate.notOpen` with what is open
 */
export function gateFor(timeline: Timeline, path: string): Gate {
  assertGoesOn(timeline);
  const open = openGates(timeline.steps);
  const found = open.find(({ step }) => step.path === path);
  if (found !== undefined) return found.gate;
  const isStep = timeline.steps.some((step) => step.path === path);
  throw new MusterError(
    'gate.notOpen',
    isStep ? `The step ${path} does not wait for people now.` : `The run has no step ${path}.`,
    {
      hint:
        open.length === 0
          ? 'No gate of this run is open now.'
          : `These wait for an answer: ${open.map(({ step }) => step.path).join(', ')}.`,
    },
  );
}

/**
 * Refuses what the run would refuse, before anything is signed.
 *
 * @throws MusterError `vote.refused`
 */
export function assertOffered(
  { offers }: Pick<Gate, 'offers'>,
  { decision, option, answer, comment }: VoteRequest,
): void {
  // Of nobody but whoever has answered; the run knows.
  if (decision === 'withdraw') return;
  const offer = offers.find(
    (known) => known.decision === decision && known.option === option && known.answer === answer,
  );
  if (offer === undefined) {
    throw new MusterError('vote.refused', REFUSALS.notOffered, {
      hint: `Possible here: ${possible(offers)}.`,
    });
  }
  if (offer.unavailable !== undefined) {
    throw new MusterError('vote.refused', `${REFUSALS.notOffered} ${offer.unavailable}`, {
      hint: `Possible here: ${possible(offers)}.`,
    });
  }
  if (wantsReason(offer) && (comment === undefined || comment.trim() === '')) {
    throw new MusterError('vote.refused', REFUSALS.commentMissing, {
      hint: 'Say why; it is kept with the run.',
    });
  }
}

/**
 * Refuses what was said to something else: people read the card, then answer, and meanwhile it can have become another
 * question.
 *
 * @throws MusterError `vote.refused`
 */
export function assertSeen({ nonce }: Pick<Gate, 'nonce'>, { seen }: Pick<VoteRequest, 'seen'>): void {
  if (seen === undefined || seen === nonce) return;
  throw new MusterError('vote.refused', REFUSALS.otherGate, {
    hint: 'It has changed since you opened the card. Read it again, then answer.',
  });
}

function possible(offers: readonly Offer[]): string {
  return offers
    .filter(({ unavailable }) => unavailable === undefined)
    .map(
      ({ decision, option, answer }) => answer ?? (option === undefined ? decision : `${decision} ${option}`),
    )
    .join(', ');
}
