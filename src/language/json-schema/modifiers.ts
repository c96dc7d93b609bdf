import { MAX_LOOP_CONCURRENCY } from '../../model/loop.ts';
import { MODES } from '../../model/runbook.ts';
import {
  ACCEPT,
  BY_MODE,
  DAY_WORDS,
  FAILURES_WORDS,
  FOR_EACH,
  LINK,
  MARKS,
  MISSED_WORDS,
  POLICY_WORDS,
  RETRY,
  UNTIL,
  WAIT,
  WINDOW,
} from '../shape/vocabulary.ts';
import { flag, integer, listOf, mapOf, ref, wordOf, type Schema } from './values.ts';

const policy: Schema = { enum: POLICY_WORDS.words };

export const onFailure: Schema = {
  description:
    'What a failure of the step does. pause: people decide (default). stop: the run ends as failed. continue: it goes ' +
    'on, and ends as warned. rollback: it takes back what it has done, and ends as failed.',
  anyOf: [
    policy,
    mapOf(BY_MODE, Object.fromEntries(MODES.map((mode) => [mode, policy])), { minProperties: 1 }),
  ],
};

export const modes: Schema = {
  ...listOf({ enum: MODES }, 'The modes it runs in; elsewhere it is skipped. Without it: all.'),
  examples: [['live']],
};

const timezone = ref('text', 'Whose clocks count: a place of the IANA list, or UTC.', {
  examples: ['Europe/Berlin', 'UTC'],
});

export const window: Schema = mapOf(
  WINDOW,
  {
    from: ref('timeOfDay', 'When it opens.'),
    to: ref('timeOfDay', 'When it closes; before `from` it is on the next day.'),
    timezone,
    days: listOf({ enum: DAY_WORDS.words }, 'The days on which it opens; every day without it.'),
    needs: ref('duration', 'How much time must be left when the step begins.'),
    missed: wordOf(MISSED_WORDS.words, 'wait: for the next window. hold: ask people.', { default: 'wait' }),
  },
  {
    description: 'When the step may begin.',
    required: ['from', 'to', 'timezone'],
    examples: [{ from: '22:00', to: '04:00', timezone: 'Europe/Berlin', needs: '2h' }],
  },
);

const applications: Schema = { anyOf: [ref('text'), listOf(ref('text'))] };

export const marks: Schema = mapOf(
  MARKS,
  {
    lost: { ...applications, description: 'Applications whose clock starts when this step begins.' },
    recovered: { ...applications, description: 'Applications that are back when this step has ended well.' },
  },
  { description: 'Where the clock of an application starts and ends.', minProperties: 1 },
);

export const links: Schema = {
  description: 'Where people can read on.',
  type: 'array',
  items: mapOf(
    LINK,
    { title: ref('text'), url: { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' } },
    { required: ['title', 'url'] },
  ),
};

export const retry: Schema = mapOf(
  RETRY,
  {
    attempts: integer(2, 'How often it is tried in all.', { maximum: 100 }),
    backoff: ref('duration', 'Before the second attempt.', { default: '10s' }),
    factor: integer(1, 'Each further pause is so many times as long.', { maximum: 10, default: 1 }),
    maxBackoff: ref('duration', 'The longest pause.'),
    on: {
      ...listOf({ type: 'string', pattern: '^[a-z][a-zA-Z]*\\.(?:[a-z][a-zA-Z]*|\\*)$' }),
      description: 'Codes of failures that are tried again; veeam.* for all that begin so. Without it: all.',
      examples: [['veeam.*', 'check.failed']],
    },
  },
  {
    description: 'Tries a read or a watch again. A command is never retried by itself.',
    required: ['attempts'],
  },
);

export const until: Schema = mapOf(
  UNTIL,
  {
    within: ref('duration', 'When to give up.'),
    every: ref('duration', 'The pause between two tries.', { default: '10s' }),
    if: ref('expression', 'What must hold, over `output` of this read.', {
      examples: ['output.mode == "Enabled"'],
    }),
  },
  { description: 'Repeats a read until it succeeds.', required: ['within'] },
);

export const accept: Schema = mapOf(
  ACCEPT,
  {
    warnings: { ...flag('true: an end with warnings is accepted. false: it fails.'), default: true },
    if: ref('expression', 'Over `output`: accepts an end with errors, too.', {
      examples: ['!output.failed.exists(vm, vm.isCritical)'],
    }),
  },
  { description: 'What is good enough: the step then ends as warned and asks nobody.', minProperties: 1 },
);

export const forEach: Schema = mapOf(
  FOR_EACH,
  {
    items: ref('template', 'One template that yields the list.', { examples: ['${{ inputs.agents }}'] }),
    as: ref('id', 'What expressions inside call the item.', { examples: ['agent'] }),
    key: ref('templateText', 'A template that names the item, unique in the list.', {
      examples: ['${{ agent.name }}'],
    }),
    maxConcurrency: integer(1, 'How many items are under way at a time.', {
      maximum: MAX_LOOP_CONCURRENCY,
      default: 1,
    }),
    failures: wordOf(
      FAILURES_WORDS.words,
      'collect: failed items wait for the end of the loop, which asks once.',
    ),
  },
  { description: 'Does the steps for each item of a list.', required: ['items', 'as', 'key'] },
);

export const wait: Schema = {
  description: 'Waits for a duration, or until a time.',
  anyOf: [
    ref('duration'),
    ref('template'),
    mapOf(
      WAIT,
      {
        until: {
          description: 'The next time these clocks show it, or a template that yields a moment.',
          anyOf: [ref('timeOfDay'), ref('template')],
        },
        timezone,
      },
      { required: ['until'] },
    ),
  ],
  examples: ['90s', { until: '22:00', timezone: 'Europe/Berlin' }],
};
