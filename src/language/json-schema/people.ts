import {
  ANSWER_WORDS,
  APPROVAL,
  COMMENT_WORDS,
  DECISIONS,
  ESCALATION,
  EXCLUDE_WORDS,
  MANUAL,
  MANUAL_FIELD,
  MANUAL_TIMEOUT_WORDS,
  ON_TIMEOUT_WORDS,
  RULE,
  SCALARS,
} from '../shape/vocabulary.ts';
import { flag, integer, listOf, mapOf, ref, wordOf, type Schema } from './values.ts';

const count = integer(1, 'How many different people.', { maximum: 20 });

/** How many of whom. */
export const rule: Schema = mapOf(
  RULE,
  {
    role: ref('text', 'A role of muster.yaml.', { examples: ['dr-manager'] }),
    people: listOf(ref('text'), 'Ids of people of muster.yaml.'),
    count,
  },
  { required: ['count'], oneOf: [{ required: ['role'] }, { required: ['people'] }] },
);

const escalate: Schema = listOf(
  mapOf(
    ESCALATION,
    {
      after: ref('duration', 'How long after the opening.'),
      to: ref('text', 'The role that is told as well.', { examples: ['dr-duty'] }),
    },
    { required: ['after', 'to'] },
  ),
  'Whom to tell as well while nobody answers, in the order of time. It lets nobody answer who could not.',
);

/** Who takes which decision on a failed step. */
export const decisions: Schema = mapOf(
  DECISIONS,
  Object.fromEntries(
    DECISIONS.keys.map((decision) => [
      decision,
      {
        description:
          decision === 'default' ? 'Every decision that is not named.' : `Who decides to ${decision}.`,
        allOf: [rule],
      },
    ]),
  ),
  {
    description: 'Who takes which decision on a failed step; one operator where it does not say.',
    examples: [{ skip: { role: 'operator', count: 2 } }],
  },
);

/** An approval. */
export const approval: Schema = mapOf(
  APPROVAL,
  {
    title: ref('templateText', 'The question that people are asked.'),
    covers: {
      description: 'Ids of the commands that a yes allows.',
      type: 'array',
      items: ref('id'),
      examples: [['failover']],
    },
    rules: listOf(rule, 'Who must say yes. Every rule must be met; one person fills one place.'),
    exclude: {
      description:
        'Who may not answer although a rule would let them. starter: who started the run. author: who wrote the runbook. ' +
        'previous-approver: who said yes at another approval of the run.',
      type: 'array',
      items: { enum: EXCLUDE_WORDS.words },
    },
    comment: wordOf(COMMENT_WORDS.words, 'required: a yes needs a reason. A no always does.'),
    escalate,
    timeout: ref('duration', 'How long it waits; without it, for as long as it takes.'),
    onTimeout: wordOf(
      ON_TIMEOUT_WORDS.words,
      'hold: goes on waiting, marked overdue. reject: counts as a no. Never a yes.',
      { default: 'hold' },
    ),
  },
  {
    description: 'Waits until people say yes.',
    required: ['rules'],
    examples: [{ covers: ['failover'], rules: [{ role: 'dr-manager', count: 1 }], exclude: ['starter'] }],
  },
);

const scalar: Schema = { enum: SCALARS };
const field: Schema = {
  if: { type: 'string' },
  then: scalar,
  else: mapOf(
    MANUAL_FIELD,
    {
      type: scalar,
      description: ref('text', 'What is filled in.'),
      pattern: ref('text', 'A regular expression for the whole text.'),
      optional: flag('It may be left empty.'),
    },
    { required: ['type'] },
  ),
};

/** A manual step. */
export const manual: Schema = mapOf(
  MANUAL,
  {
    title: ref('templateText', "In place of the step's own title."),
    instructions: ref('templateText', 'What to do.'),
    by: { ...listOf(ref('text'), 'Roles of which one person must hold one.'), default: ['operator'] },
    fields: {
      description: 'What is filled in, by name: a type, or a map that says more.',
      type: 'object',
      propertyNames: ref('id'),
      additionalProperties: field,
      examples: [{ orders: 'integer' }],
    },
    answers: {
      description: 'The possible answers, and how the step ends with each.',
      type: 'object',
      propertyNames: ref('id'),
      minProperties: 1,
      additionalProperties: { enum: ANSWER_WORDS.words },
      default: { done: 'succeeded', failed: 'failed' },
    },
    escalate,
    timeout: ref('duration', 'How long it waits; without it, for as long as it takes.'),
    onTimeout: wordOf(
      MANUAL_TIMEOUT_WORDS.words,
      'hold: goes on waiting, marked overdue. fail: the step fails.',
      { default: 'hold' },
    ),
  },
  {
    description: 'Waits until somebody has done something, and says how it came out.',
    examples: [{ title: 'Are the open orders shown?', by: ['app-owner'], fields: { orders: 'integer' } }],
  },
);
