import type { StepFailure } from './failure.ts';
import { textOf } from './json.ts';
import type { ApprovalStep } from './runbook.ts';
import { CONTINUE_OPTIONS, type ContinueOption, type Decision } from './vote.ts';

/** One thing a person can answer at a gate, or why it cannot be answered now. */
export interface Offer {
  readonly decision: Decision;
  readonly option?: ContinueOption;
  /** The answer of a manual step that it is. */
  readonly answer?: string;
  /** What it does, as a sentence. */
  readonly says: string;
  /** Why it is not possible here; absent when it is. */
  readonly unavailable?: string;
  /** It needs a reason here, although its like does not everywhere. */
  readonly needsComment?: true;
}

export const APPROVAL_OFFERS: readonly Offer[] = [
  { decision: 'approve', says: 'Yes: go on with what this covers.' },
  { decision: 'reject', says: 'No: end the run here.' },
];

/** What an approval offers; a yes needs a reason where the runbook says so. */
export function approvalOffers({ comment }: Pick<ApprovalStep, 'comment'>): readonly Offer[] {
  if (comment === undefined) return APPROVAL_OFFERS;
  return APPROVAL_OFFERS.map((offer) =>
    offer.decision === 'approve' ? { ...offer, needsComment: true } : offer,
  );
}

const CONTINUE_SAYS: Readonly<Record<ContinueOption, string>> = {
  RetryFailedStep: 'VRO tries the failed step again.',
  RetryFailedVm: 'VRO starts again with the failed VM.',
  RetryFailedGroup: 'VRO starts again with the failed group.',
  ProceedToNextStep: 'VRO leaves the failed step out and goes on with the next one.',
  ProceedToNextVm: 'VRO leaves the failed VM out and goes on with the next one.',
  ProceedToNextGroup: 'VRO leaves the failed group out and goes on with the next one.',
};

const BY_HAND: readonly Offer[] = [
  { decision: 'done', says: 'Somebody has done it by hand; go on.' },
  { decision: 'skip', says: 'Leave this step out; go on.' },
  { decision: 'abort', says: 'End the run; cleanup and always still run.' },
];
const KEEP_WAITING: Offer = { decision: 'keepWaiting', says: 'Go on watching; nothing is sent again.' };
/** After the failures of a loop were collected: about all of them at once. */
const ABOUT_ITEMS: readonly Offer[] = [
  { decision: 'retry', says: 'Try those that failed again, each from the step that failed.' },
  { decision: 'skip', says: 'Leave those that failed out; go on with the others.' },
  { decision: 'abort', says: 'End the run; cleanup and always still run.' },
];
const ABOUT_WINDOW: readonly Offer[] = [
  { decision: 'keepWaiting', says: 'Wait for the next window.' },
  { decision: 'runNow', says: 'Begin now, outside the window.' },
  { decision: 'skip', says: 'Leave this step out; go on.' },
  { decision: 'abort', says: 'End the run; cleanup and always still run.' },
];
const RETRY: Offer = { decision: 'retry', says: 'Try this step again.' };
const HALT: Offer = { decision: 'halt', says: 'Halt the plan in VRO; running steps end first.' };
const ROLL_BACK: Offer = {
  decision: 'rollback',
  says: 'Take back what the run has done, the last first, and end it.',
};
const SEND_AGAIN: Offer = {
  decision: 'retry',
  says: 'Begin the step anew: the command is sent again wherever its target allows it.',
};

/** What a gate has to know of the step that failed. */
export interface FailedStep {
  readonly isCommand: boolean;
  /** Its command is in the world: what failed is the watching of it, or what people decided about it. Default false. */
  readonly isSent?: boolean;
  /** It commands a plan, which people can halt. Default `isCommand`. */
  readonly isOfPlan?: boolean;
  /** The run has done something that the runbook says how to take back. Default false. */
  readonly canRollBack?: boolean;
}

/** What a gate offers after `failure` of a step: what makes sense there first, and why the rest does not. */
export function offersAfter(failure: StepFailure, step: FailedStep): readonly Offer[] {
  const offers = ownOffers(failure, step);
  if (step.canRollBack !== true) return offers;
  // Beside the other way to end the run.
  return offers.flatMap((offer) => (offer.decision === 'abort' ? [ROLL_BACK, offer] : [offer]));
}

function ownOffers(
  { code, details }: StepFailure,
  { isCommand, isSent = false, isOfPlan = isCommand }: FailedStep,
): readonly Offer[] {
  switch (code) {
    case 'vro.planHalted':
      return [
        ...continueOffers(),
        unavailable(RETRY, 'The plan is halted: choose how VRO goes on with it.'),
        ...BY_HAND,
      ];
    case 'vro.planFailed': {
      const why = `The plan has ended (${textOf(details?.['stateName']) ?? 'stable'}); VRO continues only a halted plan.`;
      const again =
        details?.['retryLegal'] === true ? RETRY : unavailable(RETRY, `${why} It cannot be started again.`);
      return [again, ...continueOffers().map((offer) => unavailable(offer, why)), ...BY_HAND];
    }
    case 'step.timeout':
      return isCommand ? [KEEP_WAITING, ...(isOfPlan ? [HALT] : []), ...BY_HAND] : [RETRY, ...BY_HAND];
    case 'step.notAccepted':
      return isCommand
        ? [unavailable(RETRY, 'It was done; only how it ended is not accepted.'), ...BY_HAND]
        : [RETRY, ...BY_HAND];
    case 'step.itemsFailed':
      return ABOUT_ITEMS;
    case 'step.windowMissed':
      return ABOUT_WINDOW;
    case 'vro.unknownState':
      return [KEEP_WAITING, isSent ? SEND_AGAIN : RETRY, ...BY_HAND];
    case 'effect.unclear':
      return [
        { decision: 'adopt', says: 'It took effect and is ours: go on watching it.' },
        isSent
          ? // What is unclear was a decision of people: to begin the step anew would send another command than that.
            {
              decision: 'keepWaiting',
              says: 'It did not take effect: go on watching; nothing is sent again.',
            }
          : { decision: 'retry', says: 'It did not take effect: send it again.' },
        ...BY_HAND,
      ];
    case 'vbr.sessionsFailed':
      // The command has ended: there is nothing left to watch.
      return [RETRY, ...BY_HAND];
    default:
      // Whatever kept us from watching says nothing about the command, which goes on.
      return isSent ? [KEEP_WAITING, SEND_AGAIN, ...BY_HAND] : [RETRY, ...BY_HAND];
  }
}

function continueOffers(): Offer[] {
  return CONTINUE_OPTIONS.map((option) => ({ decision: 'continue', option, says: CONTINUE_SAYS[option] }));
}

function unavailable(offer: Offer, reason: string): Offer {
  return { ...offer, unavailable: reason };
}

const COMMENTED: ReadonlySet<Decision> = new Set(['reject', 'runNow', 'done', 'skip', 'rollback', 'abort']);

/** Decisions that change or leave out what the runbook says need a reason in the record. */
export function needsComment(decision: Decision): boolean {
  return COMMENTED.has(decision);
}
