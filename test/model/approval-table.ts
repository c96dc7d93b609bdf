import type { ApprovalRule, DecisionRules, Exclusion } from '../../src/model/runbook.ts';
import type { Refusal } from '../../src/model/vote.ts';

/** The people of the table, and the roles that each holds. */
export const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  anna: ['operator', 'manager'],
  boris: ['manager'],
  carla: ['manager', 'owner'],
  dieter: ['owner'],
  emil: ['operator'],
  frida: ['operator', 'owner'],
  gast: ['viewer'],
};

/**
 * One situation at a gate of a run that anna has started.
 *
 * Each vote is written as people would say it: `boris yes`, `carla for boris yes`, `boris no`, `boris back` (takes it back),
 * `boris yes again` (the very same vote once more), at a decision `emil skip`, `emil continue RetryFailedVm`,
 * `emil retry plan=ERP`. `by:anna,emil` says who heard a spoken vote, `alone` makes it a break-glass approval. `+` at the end
 * adds no reason, which every other vote has. `changed: …` voids what there is;
 * `gone: boris` counts again without boris, who was revoked meanwhile.
 */
export interface Situation {
  readonly title: string;
  readonly rules?: readonly ApprovalRule[];
  readonly exclude?: readonly Exclusion[];
  readonly authors?: readonly string[];
  /** Who has said yes at other approvals of the run. */
  readonly previous?: readonly string[];
  readonly comment?: 'required';
  /** Makes it a gate of a failed step. */
  readonly decisions?: Partial<DecisionRules>;
  readonly votes: readonly string[];
  /** What becomes of each vote; `ok` for those that count. */
  readonly verdicts?: readonly ('ok' | 'void' | Refusal)[];
  readonly ends: 'open' | 'approved' | 'rejected' | `taken: ${string}`;
  readonly missing?: readonly string[];
}

const manager = (count: number): ApprovalRule => ({ role: 'manager', count });
const owner = (count: number): ApprovalRule => ({ role: 'owner', count });
const operator = (count: number): ApprovalRule => ({ role: 'operator', count });

const QUORUM: readonly Situation[] = [
  { title: 'nobody has answered', rules: [manager(1)], votes: [], ends: 'open' },
  { title: 'one of one says yes', rules: [manager(1)], votes: ['boris yes'], ends: 'approved' },
  {
    title: 'one of two says yes',
    rules: [manager(2)],
    votes: ['boris yes'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  { title: 'two of two say yes', rules: [manager(2)], votes: ['boris yes', 'carla yes'], ends: 'approved' },
  {
    title: 'the same person twice is one',
    rules: [manager(2)],
    votes: ['boris yes', 'boris yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'the very same vote again changes nothing',
    rules: [manager(2)],
    votes: ['boris yes', 'boris yes again'],
    verdicts: ['ok', 'ok'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'somebody without a role',
    rules: [manager(1)],
    votes: ['gast yes'],
    verdicts: ['noRole'],
    ends: 'open',
  },
  {
    title: 'a stranger',
    rules: [manager(1)],
    votes: ['nobody yes'],
    verdicts: ['noRole'],
    ends: 'open',
  },
  {
    title: 'one of three named',
    rules: [{ people: ['dieter', 'emil', 'gast'], count: 1 }],
    votes: ['gast yes'],
    ends: 'approved',
  },
  {
    title: 'two of three named',
    rules: [{ people: ['dieter', 'emil', 'gast'], count: 2 }],
    votes: ['gast yes'],
    ends: 'open',
    missing: ['1 more of dieter, emil, gast'],
  },
  {
    title: 'somebody who is not named, with every role',
    rules: [{ people: ['dieter'], count: 1 }],
    votes: ['carla yes'],
    verdicts: ['noRole'],
    ends: 'open',
  },
];

const SEVERAL_RULES: readonly Situation[] = [
  {
    title: 'one of two rules is met',
    rules: [manager(1), owner(1)],
    votes: ['boris yes'],
    ends: 'open',
    missing: ['1 more with role owner'],
  },
  {
    title: 'both rules are met',
    rules: [manager(1), owner(1)],
    votes: ['boris yes', 'dieter yes'],
    ends: 'approved',
  },
  {
    title: 'one person with both roles fills one place',
    rules: [manager(1), owner(1)],
    votes: ['carla yes'],
    ends: 'open',
    missing: ['1 more with role owner'],
  },
  {
    title: 'whoever could fill both takes the place that is free, coming first',
    rules: [manager(1), owner(1)],
    votes: ['carla yes', 'boris yes'],
    ends: 'approved',
  },
  {
    title: 'whoever could fill both takes the place that is free, coming last',
    rules: [manager(1), owner(1)],
    votes: ['boris yes', 'carla yes'],
    ends: 'approved',
  },
  {
    title: 'two of one role do not make up for the other',
    rules: [manager(1), owner(1)],
    votes: ['anna yes', 'boris yes'],
    ends: 'open',
    missing: ['1 more with role owner'],
  },
  {
    title: 'a role and a name are two people',
    rules: [manager(1), { people: ['boris', 'dieter'], count: 1 }],
    votes: ['boris yes'],
    ends: 'open',
    missing: ['1 more of boris, dieter'],
  },
  {
    title: 'a role and a name, by two people',
    rules: [manager(1), { people: ['boris', 'dieter'], count: 1 }],
    votes: ['boris yes', 'anna yes'],
    ends: 'approved',
  },
  {
    title: 'the same rule twice is two people',
    rules: [manager(1), manager(1)],
    votes: ['boris yes'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'three rules, with people who could fill several',
    rules: [operator(1), owner(1), manager(1)],
    votes: ['frida yes', 'carla yes', 'anna yes'],
    ends: 'approved',
  },
  {
    title: 'both rules miss somebody',
    rules: [manager(2), owner(1)],
    votes: ['boris yes'],
    ends: 'open',
    missing: ['1 more with role manager', '1 more with role owner'],
  },
];

const REJECTION: readonly Situation[] = [
  { title: 'one no', rules: [manager(2)], votes: ['boris no'], ends: 'rejected' },
  { title: 'one no after a yes', rules: [manager(3)], votes: ['anna yes', 'boris no'], ends: 'rejected' },
  {
    title: 'a no without a reason',
    rules: [manager(1)],
    votes: ['boris no +'],
    verdicts: ['commentMissing'],
    ends: 'open',
  },
  {
    title: 'a no of somebody without a role',
    rules: [manager(1)],
    votes: ['gast no'],
    verdicts: ['noRole'],
    ends: 'open',
  },
  {
    title: 'a no of somebody who has said yes, and not taken it back',
    rules: [manager(2)],
    votes: ['boris yes', 'boris no'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'a no of whoever is excluded',
    rules: [manager(1)],
    exclude: ['starter'],
    votes: ['anna no'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  { title: "a no in somebody's place", rules: [manager(2)], votes: ['emil for boris no'], ends: 'rejected' },
];

const EXCLUSIONS: readonly Situation[] = [
  {
    title: 'the starter, where nobody is excluded',
    rules: [manager(1)],
    votes: ['anna yes'],
    ends: 'approved',
  },
  {
    title: 'the starter',
    rules: [manager(1)],
    exclude: ['starter'],
    votes: ['anna yes', 'boris yes'],
    verdicts: ['excluded', 'ok'],
    ends: 'approved',
  },
  {
    title: 'the author',
    rules: [manager(2)],
    exclude: ['author'],
    authors: ['carla', 'dieter'],
    votes: ['carla yes', 'anna yes'],
    verdicts: ['excluded', 'ok'],
    ends: 'open',
  },
  {
    title: 'the author, where only the starter is excluded',
    rules: [manager(1)],
    exclude: ['starter'],
    authors: ['carla'],
    votes: ['carla yes'],
    ends: 'approved',
  },
  {
    title: 'where no author is known',
    rules: [manager(1)],
    exclude: ['author'],
    votes: ['carla yes'],
    ends: 'approved',
  },
  {
    title: 'whoever approved before',
    rules: [manager(1)],
    exclude: ['previous-approver'],
    previous: ['boris'],
    votes: ['boris yes', 'carla yes'],
    verdicts: ['excluded', 'ok'],
    ends: 'approved',
  },
  {
    title: 'whoever approved before, where that is allowed',
    rules: [manager(1)],
    previous: ['boris'],
    votes: ['boris yes'],
    ends: 'approved',
  },
  {
    title: 'all three at once',
    rules: [manager(1)],
    exclude: ['starter', 'author', 'previous-approver'],
    authors: ['carla'],
    previous: ['boris'],
    votes: ['anna yes', 'carla yes', 'boris yes'],
    verdicts: ['excluded', 'excluded', 'excluded'],
    ends: 'open',
  },
  {
    title: 'an excluded person who is named',
    rules: [{ people: ['anna', 'boris'], count: 1 }],
    exclude: ['starter'],
    votes: ['anna yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'an excluded person is told so, also without a role',
    rules: [owner(1)],
    exclude: ['starter'],
    votes: ['anna yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
];

const DELEGATION: readonly Situation[] = [
  {
    title: 'a delegate answers with the right of another',
    rules: [manager(1)],
    votes: ['gast for boris yes'],
    ends: 'approved',
  },
  {
    title: 'a delegate has only the right of whom they stand for',
    rules: [owner(1)],
    votes: ['dieter for boris yes'],
    verdicts: ['noRole'],
    ends: 'open',
  },
  {
    title: 'a delegate and whom they stand for are one',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'boris yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'whom they stand for came first',
    rules: [manager(2)],
    votes: ['boris yes', 'gast for boris yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'one person for themselves and for another is one',
    rules: [manager(2)],
    votes: ['carla yes', 'carla for boris yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'one person for two others is one',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'gast for carla yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'two people for the same one are one',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'emil for boris yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'whoever acts for another cannot lend their own right to a third',
    rules: [manager(2)],
    votes: ['carla for boris yes', 'dieter for carla yes'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'two delegates of two people are two',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'emil for carla yes'],
    ends: 'approved',
  },
  {
    title: 'the starter stays excluded through a delegate',
    rules: [manager(1)],
    exclude: ['starter'],
    votes: ['gast for anna yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'the starter stays excluded as a delegate',
    rules: [manager(1)],
    exclude: ['starter'],
    votes: ['anna for boris yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'an author stays excluded as a delegate',
    rules: [manager(1)],
    exclude: ['author'],
    authors: ['gast'],
    votes: ['gast for boris yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'whoever approved before stays excluded through a delegate',
    rules: [manager(1)],
    exclude: ['previous-approver'],
    previous: ['boris'],
    votes: ['gast for boris yes'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'a named person is answered for',
    rules: [{ people: ['dieter'], count: 1 }],
    votes: ['gast for dieter yes'],
    ends: 'approved',
  },
  {
    title: 'a named person lends no right to be named',
    rules: [{ people: ['gast'], count: 1 }],
    votes: ['gast for dieter yes'],
    verdicts: ['noRole'],
    ends: 'open',
  },
];

const WITHDRAWAL: readonly Situation[] = [
  {
    title: 'a yes is taken back',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back'],
    ends: 'open',
    missing: ['2 more with role manager'],
  },
  {
    title: 'a yes is taken back, and given again',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back', 'carla yes', 'boris yes'],
    ends: 'approved',
  },
  {
    title: 'a yes becomes a no',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back', 'boris no'],
    ends: 'rejected',
  },
  {
    title: 'somebody takes back what they have not given',
    rules: [manager(2)],
    votes: ['boris yes', 'carla back'],
    verdicts: ['ok', 'notGiven'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'whom a delegate stands for cannot take back for them',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'boris back'],
    verdicts: ['ok', 'notGiven'],
    ends: 'open',
  },
  {
    title: 'a delegate takes back their own',
    rules: [manager(2)],
    votes: ['gast for boris yes', 'gast back', 'boris yes'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'what was taken back cannot be sent once more',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back', 'boris yes again', 'carla yes'],
    verdicts: ['ok', 'ok', 'takenBack', 'ok'],
    ends: 'open',
  },
  {
    title: 'an old taking back does not take back a new answer',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back', 'boris yes', 'boris back again'],
    verdicts: ['ok', 'ok', 'ok', 'takenBack'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'taking back needs no reason',
    rules: [manager(2)],
    votes: ['boris yes', 'boris back +'],
    ends: 'open',
    missing: ['2 more with role manager'],
  },
  {
    title: 'after the rules are met nothing is taken back',
    rules: [manager(1)],
    votes: ['boris yes', 'boris back'],
    verdicts: ['ok', 'noSuchGate'],
    ends: 'approved',
  },
  {
    title: 'nobody takes back without end',
    rules: [manager(2)],
    votes: [
      ...Array.from({ length: 10 }, () => ['boris yes', 'boris back']).flat(),
      'boris yes',
      'boris back',
    ],
    verdicts: [...Array.from({ length: 21 }, () => 'ok' as const), 'tooOften'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
];

const REASONS: readonly Situation[] = [
  { title: 'a yes needs no reason', rules: [manager(1)], votes: ['boris yes +'], ends: 'approved' },
  {
    title: 'a yes needs a reason where the runbook says so',
    rules: [manager(1)],
    comment: 'required',
    votes: ['boris yes +', 'boris yes'],
    verdicts: ['commentMissing', 'ok'],
    ends: 'approved',
  },
  {
    title: 'a no needs a reason there as well',
    rules: [manager(1)],
    comment: 'required',
    votes: ['boris no +'],
    verdicts: ['commentMissing'],
    ends: 'open',
  },
];

const VOID: readonly Situation[] = [
  {
    title: 'votes for what has changed do not count',
    rules: [manager(2)],
    votes: ['boris yes', 'changed: another machine', 'carla yes'],
    verdicts: ['ok', 'void', 'ok'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'a vote for what was before is refused',
    rules: [manager(2)],
    votes: ['boris yes', 'changed: another machine', 'boris yes again'],
    verdicts: ['ok', 'void', 'otherGate'],
    ends: 'open',
    missing: ['2 with role manager'],
  },
  {
    title: 'the same people say yes to what it is now',
    rules: [manager(2)],
    votes: ['boris yes', 'carla yes', 'changed: halted', 'boris yes', 'carla yes'],
    verdicts: ['ok', 'ok', 'void', 'ok', 'ok'],
    ends: 'approved',
  },
  {
    title: 'a quorum that is void is none',
    rules: [manager(1)],
    votes: ['boris yes', 'changed: halted'],
    verdicts: ['ok', 'void'],
    ends: 'open',
    missing: ['1 with role manager'],
  },
  {
    title: 'whoever was revoked by the time the rules are met does not count',
    rules: [manager(2)],
    votes: ['boris yes', 'carla yes', 'gone: boris'],
    verdicts: ['ok', 'ok', 'void'],
    ends: 'open',
    missing: ['1 more with role manager'],
  },
  {
    title: 'somebody else takes the place of whoever was revoked',
    rules: [manager(2)],
    votes: ['boris yes', 'carla yes', 'gone: boris', 'anna yes'],
    verdicts: ['ok', 'ok', 'void', 'ok'],
    ends: 'approved',
  },
  {
    title: 'nothing changes while everybody is still there',
    rules: [manager(2)],
    votes: ['boris yes', 'carla yes', 'gone: dieter'],
    verdicts: ['ok', 'ok', 'void'],
    ends: 'approved',
  },
  {
    title: 'what is void cannot be taken back',
    rules: [manager(2)],
    votes: ['boris yes', 'changed: halted', 'boris back'],
    verdicts: ['ok', 'void', 'notGiven'],
    ends: 'open',
  },
];

const SKIP_BY_TWO = { skip: operator(2) };

const DECISIONS: readonly Situation[] = [
  { title: 'one operator decides', decisions: {}, votes: ['emil retry'], ends: 'taken: retry emil' },
  { title: 'no operator', decisions: {}, votes: ['boris retry'], verdicts: ['noRole'], ends: 'open' },
  {
    title: 'one of two operators',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip'],
    ends: 'open',
    missing: ['skip: 1 more with role operator'],
  },
  {
    title: 'two operators',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip', 'anna skip'],
    ends: 'taken: skip emil anna',
  },
  {
    title: 'the same operator twice',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip', 'emil skip'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'a decision that takes one overtakes one that takes two',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip', 'anna retry'],
    ends: 'taken: retry anna',
  },
  {
    title: 'somebody changes their mind',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip', 'emil abort'],
    ends: 'taken: abort emil',
  },
  {
    title: 'who changes their mind no longer counts for the first',
    decisions: { skip: operator(2), abort: operator(2) },
    votes: ['emil skip', 'emil abort', 'anna skip'],
    ends: 'open',
    missing: ['abort: 1 more with role operator', 'skip: 1 more with role operator'],
  },
  {
    title: 'what was said before cannot be sent once more',
    decisions: { skip: operator(2), abort: operator(2) },
    votes: ['emil skip', 'emil abort', 'emil skip again'],
    verdicts: ['ok', 'ok', 'takenBack'],
    ends: 'open',
    missing: ['abort: 1 more with role operator'],
  },
  {
    title: 'a decision is taken back',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip', 'emil back', 'anna skip'],
    ends: 'open',
    missing: ['skip: 1 more with role operator'],
  },
  {
    title: 'another role decides, and an operator does not',
    decisions: { abort: manager(1) },
    votes: ['emil abort', 'boris abort'],
    verdicts: ['noRole', 'ok'],
    ends: 'taken: abort boris',
  },
  {
    title: 'another role decides only that',
    decisions: { abort: manager(1) },
    votes: ['boris skip'],
    verdicts: ['noRole'],
    ends: 'open',
  },
  {
    title: 'the default is for all that are not named',
    decisions: { default: owner(1), retry: operator(1) },
    votes: ['emil skip', 'dieter skip'],
    verdicts: ['noRole', 'ok'],
    ends: 'taken: skip dieter',
  },
  {
    title: 'what is named is not of the default',
    decisions: { default: owner(2), retry: operator(1) },
    votes: ['emil retry'],
    ends: 'taken: retry emil',
  },
  {
    title: 'people agree only on the same option',
    decisions: { continue: operator(2) },
    votes: ['emil continue RetryFailedVm', 'anna continue ProceedToNextVm'],
    ends: 'open',
    missing: [
      'continue RetryFailedVm: 1 more with role operator',
      'continue ProceedToNextVm: 1 more with role operator',
    ],
  },
  {
    title: 'people agree on an option',
    decisions: { continue: operator(2) },
    votes: ['emil continue RetryFailedVm', 'anna continue ProceedToNextVm', 'frida continue RetryFailedVm'],
    ends: 'taken: continue emil frida',
  },
  {
    title: 'people agree only on the same values',
    decisions: { retry: operator(2) },
    votes: ['emil retry plan=ERP', 'anna retry plan=CRM', 'frida retry'],
    ends: 'open',
    missing: [
      'retry: 1 more with role operator',
      'retry: 1 more with role operator',
      'retry: 1 more with role operator',
    ],
  },
  {
    title: 'a decision that needs a reason',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip +'],
    verdicts: ['commentMissing'],
    ends: 'open',
  },
  {
    title: 'a decision that is not offered',
    decisions: SKIP_BY_TWO,
    votes: ['emil yes'],
    verdicts: ['notOffered'],
    ends: 'open',
  },
  {
    title: 'a delegate of an operator and another operator',
    decisions: SKIP_BY_TWO,
    votes: ['gast for emil skip', 'anna skip'],
    ends: 'taken: skip gast anna',
  },
  {
    title: 'a delegate and whom they stand for are one',
    decisions: SKIP_BY_TWO,
    votes: ['gast for emil skip', 'emil skip'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'one person for themselves and then for another: the latest counts',
    decisions: SKIP_BY_TWO,
    votes: ['frida skip', 'frida for emil abort'],
    ends: 'taken: abort frida',
  },
];

const SPOKEN: readonly Situation[] = [
  {
    title: 'a spoken yes fills the place of whoever has spoken',
    rules: [manager(1)],
    votes: ['boris yes by:emil,frida'],
    ends: 'approved',
  },
  {
    title: 'the witnesses fill no place by it',
    rules: [manager(1), operator(2)],
    votes: ['boris yes by:emil,frida'],
    ends: 'open',
    missing: ['2 more with role operator'],
  },
  {
    title: 'a witness gives no answer of their own afterwards',
    rules: [manager(1), operator(1)],
    votes: ['boris yes by:emil,frida', 'emil yes'],
    verdicts: ['ok', 'witness'],
    ends: 'open',
  },
  {
    title: 'somebody who has answered is no witness',
    rules: [manager(1), operator(1)],
    votes: ['emil yes', 'boris yes by:emil,frida'],
    verdicts: ['ok', 'witness'],
    ends: 'open',
  },
  {
    title: 'a witness answers neither in the place of somebody else',
    rules: [manager(2)],
    votes: ['boris yes by:emil,frida', 'emil for carla yes'],
    verdicts: ['ok', 'witness'],
    ends: 'open',
  },
  {
    title: 'two spoken votes may have the same witnesses',
    rules: [manager(2)],
    votes: ['boris yes by:emil,frida', 'carla yes by:frida,emil'],
    ends: 'approved',
  },
  {
    title: 'the same person by themselves and on the phone is one',
    rules: [manager(2)],
    votes: ['boris yes', 'boris yes by:emil,frida'],
    verdicts: ['ok', 'duplicate'],
    ends: 'open',
  },
  {
    title: 'whoever is excluded stays so on the phone',
    rules: [manager(1)],
    exclude: ['starter'],
    votes: ['anna yes by:emil,frida'],
    verdicts: ['excluded'],
    ends: 'open',
  },
  {
    title: 'a spoken no rejects',
    rules: [manager(2)],
    votes: ['boris no by:emil,frida'],
    ends: 'rejected',
  },
  {
    title: 'whoever has spoken takes it back themselves',
    rules: [manager(2)],
    votes: ['boris yes by:emil,frida', 'boris back', 'emil for carla yes'],
    ends: 'open',
  },
  {
    title: 'no spoken decision',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip by:anna,frida'],
    verdicts: ['notOffered'],
    ends: 'open',
  },
];

const ALONE: readonly Situation[] = [
  {
    title: 'one person fulfils all rules',
    rules: [manager(2), owner(1)],
    votes: ['emil yes alone'],
    ends: 'approved',
  },
  {
    title: 'also whoever has started the run and is excluded',
    rules: [manager(2)],
    exclude: ['starter', 'previous-approver'],
    previous: ['anna'],
    votes: ['anna yes alone'],
    ends: 'approved',
  },
  {
    title: 'also whoever has said yes by the rules before',
    rules: [manager(2)],
    votes: ['boris yes', 'boris yes alone'],
    ends: 'approved',
  },
  {
    title: 'never without a reason',
    rules: [manager(1)],
    votes: ['emil yes alone +'],
    verdicts: ['commentMissing'],
    ends: 'open',
  },
  {
    title: 'never a no',
    rules: [manager(1)],
    votes: ['emil no alone'],
    verdicts: ['notOffered'],
    ends: 'open',
  },
  {
    title: 'never in the place of somebody else',
    rules: [manager(1)],
    votes: ['emil for boris yes alone'],
    verdicts: ['notOffered'],
    ends: 'open',
  },
  {
    title: 'never a decision',
    decisions: SKIP_BY_TWO,
    votes: ['emil skip alone'],
    verdicts: ['notOffered'],
    ends: 'open',
  },
  {
    title: 'not after a no',
    rules: [manager(1)],
    votes: ['boris no', 'emil yes alone'],
    verdicts: ['ok', 'noSuchGate'],
    ends: 'rejected',
  },
  {
    title: 'is void when what it allows has changed',
    rules: [manager(1)],
    votes: ['emil yes alone', 'changed: halted'],
    verdicts: ['ok', 'void'],
    ends: 'open',
  },
  {
    title: 'counts no more when that person is revoked',
    rules: [manager(1)],
    votes: ['emil yes alone', 'gone: emil'],
    verdicts: ['ok', 'void'],
    ends: 'open',
  },
];

/** The situations of the rules, by what they are about. */
export const SITUATIONS: Readonly<Record<string, readonly Situation[]>> = {
  quorum: QUORUM,
  'several rules': SEVERAL_RULES,
  rejection: REJECTION,
  exclusions: EXCLUSIONS,
  delegation: DELEGATION,
  withdrawal: WITHDRAWAL,
  reasons: REASONS,
  void: VOID,
  decisions: DECISIONS,
  'spoken votes': SPOKEN,
  'break-glass': ALONE,
};
