import { EXCLUSIONS, MODES, WEEKDAYS } from '../../model/runbook.ts';
import { FAILURE_DECISIONS } from '../../model/vote.ts';

/** The keys of one kind of map: those of today, and those the language has but this version of muster does not. */
export interface Keys {
  /** With its article, for messages: `a step`. */
  readonly what: string;
  readonly keys: readonly string[];
  readonly later?: readonly string[];
}

export const RUNBOOK = {
  what: 'a runbook',
  keys: [
    'apiVersion',
    'name',
    'title',
    'description',
    'owner',
    'authors',
    'contacts',
    'connections',
    'objectives',
    'inputs',
    'vars',
    'steps',
    'cleanup',
    'always',
    'outputs',
    'decisions',
    'schedules',
  ],
  later: [],
} as const satisfies Keys;
export const SCHEDULE = {
  what: 'a schedule',
  keys: ['name', 'description', 'cron', 'timezone', 'mode', 'inputs'],
} as const satisfies Keys;

/** Each step has exactly one of these. */
export const STEP_KINDS = [
  'uses',
  'approval',
  'manual',
  'wait',
  'check',
  'steps',
  'parallel',
  'runbook',
] as const;
export type StepKindWord = (typeof STEP_KINDS)[number];
/** Modifiers that only some kinds of step have. */
export const ONLY_ON: Readonly<Record<string, readonly StepKindWord[]>> = {
  with: ['uses', 'runbook'],
  connection: ['uses'],
  retry: ['uses'],
  timeout: ['uses'],
  until: ['uses'],
  accept: ['uses'],
  settle: ['uses'],
  rollback: ['uses'],
  forEach: ['steps'],
  maxConcurrency: ['parallel'],
  failFast: ['parallel'],
};
export const STEP = {
  what: 'a step',
  keys: [
    'id',
    'title',
    'description',
    'links',
    'modes',
    'if',
    'onFailure',
    'window',
    'marks',
    ...Object.keys(ONLY_ON),
    ...STEP_KINDS,
  ],
  later: [],
} as const satisfies Keys;

export const CONNECTIONS = {
  what: '`connections`',
  keys: ['vro', 'vbr', 'one'],
  later: [],
} as const satisfies Keys;
export const INPUT = {
  what: 'an input',
  keys: ['type', 'of', 'description', 'pattern', 'default', 'requiredBy'],
} as const satisfies Keys;
export const APPROVAL = {
  what: 'an approval',
  keys: ['title', 'covers', 'rules', 'exclude', 'comment', 'timeout', 'onTimeout', 'escalate'],
} as const satisfies Keys;
export const RULE = { what: 'a rule', keys: ['role', 'people', 'count'] } as const satisfies Keys;
export const MANUAL = {
  what: 'a manual step',
  keys: ['title', 'instructions', 'by', 'fields', 'answers', 'timeout', 'onTimeout', 'escalate'],
} as const satisfies Keys;
export const MANUAL_FIELD = {
  what: 'a field',
  keys: ['type', 'description', 'pattern', 'optional'],
} as const satisfies Keys;
export const ANSWER_WORDS = { words: ['succeeded', 'warned', 'failed'] } as const satisfies Words<string>;
export const MANUAL_TIMEOUT_WORDS = { words: ['hold', 'fail'] } as const satisfies Words<string>;
export const WAIT = { what: '`wait`', keys: ['until', 'timezone'] } as const satisfies Keys;
export const LINK = { what: 'a link', keys: ['title', 'url'] } as const satisfies Keys;
export const MARKS = { what: '`marks`', keys: ['lost', 'recovered'] } as const satisfies Keys;
export const OBJECTIVES = {
  what: '`objectives`',
  keys: ['rto', 'rpo', 'drillEvery'],
} as const satisfies Keys;
export const ROLLBACK = {
  what: '`rollback`',
  keys: ['uses', 'title', 'with', 'connection', 'timeout'],
} as const satisfies Keys;
export const RETRY = {
  what: '`retry`',
  keys: ['attempts', 'backoff', 'factor', 'maxBackoff', 'on'],
} as const satisfies Keys;
export const UNTIL = { what: '`until`', keys: ['within', 'every', 'if'] } as const satisfies Keys;

/** The words of one place: those of today, and those of later versions. */
export interface Words<Word extends string> {
  readonly words: readonly Word[];
  readonly later?: readonly string[];
}

export const MODE_WORDS = { words: MODES, later: ['tabletop'] } as const satisfies Words<string>;
export const POLICY_WORDS = {
  words: ['pause', 'stop', 'continue', 'rollback'],
} as const satisfies Words<string>;
export const SCALARS = ['string', 'integer', 'number', 'boolean', 'duration', 'vroPlan'] as const;
export const TYPE_WORDS = {
  words: [...SCALARS, 'list', 'object'],
} as const satisfies Words<string>;
/** What the items of a list, and their fields, can be. */
export const ITEM_WORDS = { words: SCALARS, later: ['list', 'object'] } as const satisfies Words<string>;
export const FOR_EACH = {
  what: '`forEach`',
  keys: ['items', 'as', 'key', 'maxConcurrency', 'failures'],
} as const satisfies Keys;
export const FAILURES_WORDS = { words: ['collect'] } as const satisfies Words<string>;
export const REQUIRED_BY_WORDS = { words: ['end'] } as const satisfies Words<string>;
export const ACCEPT = { what: '`accept`', keys: ['warnings', 'if'] } as const satisfies Keys;
export const WINDOW = {
  what: 'a window',
  keys: ['from', 'to', 'timezone', 'days', 'needs', 'missed'],
} as const satisfies Keys;
export const DAY_WORDS = { words: WEEKDAYS } as const satisfies Words<string>;
export const MISSED_WORDS = { words: ['wait', 'hold'] } as const satisfies Words<string>;
export const EXCLUDE_WORDS = { words: EXCLUSIONS } as const satisfies Words<string>;
export const COMMENT_WORDS = { words: ['required'] } as const satisfies Words<string>;
export const ESCALATION = { what: 'an escalation', keys: ['after', 'to'] } as const satisfies Keys;
export const DECISIONS = {
  what: '`decisions`',
  keys: ['default', ...FAILURE_DECISIONS],
} as const satisfies Keys;
export const ON_TIMEOUT_WORDS = { words: ['hold', 'reject'] } as const satisfies Words<string>;

/** By mode: a map whose keys are modes. */
export const BY_MODE = { what: 'a choice by mode', keys: MODES, later: ['tabletop'] } as const satisfies Keys;
