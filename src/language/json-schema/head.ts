import { MODES } from '../../model/runbook.ts';
import { INPUT, OBJECTIVES, REQUIRED_BY_WORDS, SCALARS, SCHEDULE, TYPE_WORDS } from '../shape/vocabulary.ts';
import { mapOf, ref, wordOf, type Schema } from './values.ts';

const NAMES: Schema = { propertyNames: ref('id') };
const scalar: Schema = { enum: SCALARS };
const fields: Schema = { type: 'object', ...NAMES, minProperties: 1, additionalProperties: scalar };

/** The type that a default must have, by the type of the input. */
const DEFAULTS: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  vroPlan: { type: 'string' },
  duration: ref('duration'),
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  list: { type: 'array' },
  object: { type: 'object' },
};

/** What a run is started with. */
export const inputs: Schema = {
  description: 'What a run is started with, by name; expressions call them inputs.NAME.',
  type: 'object',
  ...NAMES,
  additionalProperties: mapOf(
    INPUT,
    {
      type: wordOf(TYPE_WORDS.words, 'What it is. vroPlan: the name or id of a plan.'),
      of: {
        description: 'Of a list: the type of its items, or their fields. Of an object: its fields.',
        anyOf: [scalar, fields],
        examples: ['string', { name: 'string', site: 'string' }],
      },
      description: ref('text', 'What it is; shown when it is missing.'),
      pattern: ref('text', 'A regular expression for the whole text of a string or vroPlan.', {
        examples: ['CHG\\d+'],
      }),
      default: { description: 'The value when none is given; without it the input must be given.' },
      requiredBy: wordOf(
        REQUIRED_BY_WORDS.words,
        'end: a run starts without it, and asks for it when its steps have ended.',
      ),
    },
    {
      required: ['type'],
      allOf: [
        ...Object.entries(DEFAULTS).map(([type, schema]) => ({
          if: { properties: { type: { const: type } }, required: ['type'] },
          then: { properties: { default: schema } },
        })),
        {
          if: { properties: { type: { enum: ['list', 'object'] } }, required: ['type'] },
          then: { required: ['of'] },
          else: { properties: { of: false } },
        },
      ],
    },
  ),
};

const byMode: Schema = {
  type: 'object',
  properties: Object.fromEntries(MODES.map((mode) => [mode, { description: `The value in a ${mode} run.` }])),
  additionalProperties: false,
};

/** Fixed values. */
export const vars: Schema = {
  description: 'Fixed values, which may differ by mode; expressions call them vars.NAME.',
  type: 'object',
  ...NAMES,
  additionalProperties: {
    if: { type: 'object', anyOf: MODES.map((mode) => ({ required: [mode] })) },
    then: byMode,
  },
};

/** When it is started by itself. */
export const schedules: Schema = {
  description:
    'When it is started by itself. `muster schedule apply` puts it in force; no part of the digest.',
  type: 'array',
  items: mapOf(
    SCHEDULE,
    {
      name: ref('runbookName', 'What people call it; unique in the file.'),
      description: ref('text', 'For people.'),
      cron: {
        description: 'Five fields: minute, hour, day of the month, month, day of the week.',
        type: 'string',
        pattern: '^\\S+( \\S+){4}$',
        patternErrorMessage: 'Expected five fields: "0 6 15 2,5,8,11 *".',
        examples: ['0 6 15 2,5,8,11 *'],
      },
      timezone: ref('text', 'Whose clocks count.', { examples: ['Europe/Berlin', 'UTC'] }),
      mode: wordOf(MODES, 'drill, without it. live only where muster.yaml lets the runbook run unattended.'),
      inputs: { description: 'What a run is started with, by name.', type: 'object', ...NAMES },
    },
    { required: ['name', 'cron', 'timezone'] },
  ),
};

/** What was promised to the business. */
export const objectives: Schema = mapOf(
  OBJECTIVES,
  {
    rto: ref('duration', 'The most time from the loss to the recovery.'),
    rpo: ref('duration', 'The most time for which data may be lost.'),
    drillEvery: ref('duration', 'How often this is practised at least.'),
  },
  { description: 'What was promised to the business; a run is measured against it.' },
);
