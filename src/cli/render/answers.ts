import type { Offer } from '../../model/offers.ts';
import type { ContinueOption, FailureDecision } from '../../model/vote.ts';
import { needsComment } from '../../model/offers.ts';

/** The options of `vote` and `decide`, and back: one table, so that what is printed is what is understood. */
export const DECIDE_FLAGS = {
  retry: 'retry',
  keepWaiting: 'keep-waiting',
  continue: 'continue',
  halt: 'halt',
  adopt: 'adopt',
  runNow: 'run-now',
  done: 'done',
  skip: 'skip',
  rollback: 'rollback',
  abort: 'abort',
} as const satisfies { readonly [decision in FailureDecision]: string };

/** VRO's ways to continue, as they are typed. */
export const CONTINUE_WORDS = {
  'retry-failed-step': 'RetryFailedStep',
  'retry-failed-vm': 'RetryFailedVm',
  'retry-failed-group': 'RetryFailedGroup',
  'proceed-to-next-step': 'ProceedToNextStep',
  'proceed-to-next-vm': 'ProceedToNextVm',
  'proceed-to-next-group': 'ProceedToNextGroup',
} as const satisfies Readonly<Record<string, ContinueOption>>;
export type ContinueWord = keyof typeof CONTINUE_WORDS;
export const CONTINUE_WORD_LIST = Object.keys(CONTINUE_WORDS) as readonly ContinueWord[];

/** Where an answer goes to. */
export interface AnswerTarget {
  /** How muster is called: `npx muster`. */
  readonly program: string;
  readonly runId: string;
  readonly gate: string;
  /** What has to be filled in. */
  readonly fields?: readonly string[];
}

/** The exact command that gives this answer; `NAME` and `"why"` are for the person to fill in. */
export function answerCommand(
  { decision, option, answer, needsComment: required }: Offer,
  { program, runId, gate, fields = [] }: AnswerTarget,
): string {
  if (decision === 'approve' || decision === 'reject') {
    const comment = needsComment(decision) || required === true ? ' --comment "why"' : '';
    return `${program} vote ${runId} ${gate} --${decision}${comment} --as NAME`;
  }
  if (decision === 'answer') {
    const filled = fields.map((name) => ` -i ${name}=…`).join('');
    return `${program} answer ${runId} ${gate} ${answer ?? ''}${filled} --as NAME`;
  }
  if (decision === 'withdraw') return `${program} vote ${runId} ${gate} --withdraw --as NAME`;
  const word = CONTINUE_WORD_LIST.find((known) => CONTINUE_WORDS[known] === option);
  const flag = `--${DECIDE_FLAGS[decision]}${word === undefined ? '' : ` ${word}`}`;
  const reason = needsComment(decision) ? ' --reason "why"' : '';
  return `${program} decide ${runId} ${gate} ${flag}${reason} --as NAME`;
}

/** What a person types for an offer, without the command around it. */
export function offerName({ decision, option, answer }: Offer): string {
  if (answer !== undefined) return answer;
  const word = CONTINUE_WORD_LIST.find((known) => CONTINUE_WORDS[known] === option);
  return word === undefined ? decision : `${decision} ${word}`;
}
