import { CATALOG, isActionName, specOf, type ActionName, type ActionSpec } from '../../catalog/index.ts';
import { ONLY_ON, ROLLBACK, STEP, STEP_KINDS } from '../shape/vocabulary.ts';
import { factsOf } from './action-inputs.ts';
import * as modifiers from './modifiers.ts';
import { flag, integer, listOf, mapOf, ref, type Schema } from './values.ts';

const ACTIONS: readonly ActionName[] = Object.keys(CATALOG).filter(isActionName);
const withEffect = (test: (spec: ActionSpec) => boolean): readonly ActionName[] =>
  ACTIONS.filter((name) => test(specOf(name)));
const COMMANDS = withEffect(({ effect }) => effect === 'command');

const steps = (description: string): Schema => listOf(ref('step'), description);

function actionOf(names: readonly ActionName[], description: string): Schema {
  return { description, enum: names, enumDescriptions: names.map(factsOf) };
}

/** What stands beside `uses`, by the action that is used. */
const BY_ACTION: readonly Schema[] = ACTIONS.map((name) => ({
  if: { properties: { uses: { const: name } }, required: ['uses'] },
  then: {
    properties: { uses: { description: factsOf(name) }, with: ref(name) },
    ...needed(name),
  },
}));
/** The same for what takes a step back, where hovers need not tell everything again. */
const BY_COMMAND: readonly Schema[] = COMMANDS.map((name) => ({
  if: { properties: { uses: { const: name } }, required: ['uses'] },
  then: { properties: { with: ref(name) }, ...needed(name) },
}));

function needed(name: ActionName): Schema {
  return specOf(name).input.safeParse({}).success ? {} : { required: ['with'] };
}

/** Modifiers that make no sense on some actions. */
const MISPLACED: readonly Schema[] = (
  [
    [['retry'], ({ effect }) => effect === 'command' || effect === 'notify'],
    [['until'], ({ effect }) => effect !== 'read'],
    [['rollback'], ({ effect }) => effect !== 'command'],
    [['timeout'], ({ effect, settlesBy }) => effect === 'command' && settlesBy === undefined],
    [
      ['accept'],
      ({ effect, settlesBy }) => effect === 'notify' || (effect === 'command' && settlesBy === undefined),
    ],
    [['settle'], ({ settlesBy }) => settlesBy === undefined],
    [['connection'], ({ system }) => system === undefined],
  ] as const satisfies readonly [keys: readonly string[], isMisplaced: (spec: ActionSpec) => boolean][]
).map(([keys, isMisplaced]) => ({
  if: { properties: { uses: { enum: withEffect(isMisplaced) } }, required: ['uses'] },
  then: { properties: Object.fromEntries(keys.map((key) => [key, false])) },
}));

/** Modifiers that only some kinds of step have. */
const DEPENDENCIES = Object.fromEntries(
  Object.entries(ONLY_ON).map(([key, kinds]) => [
    key,
    { anyOf: kinds.map((kind) => ({ required: [kind] })) },
  ]),
);

const connection = ref('connectionName', 'A connection of muster.yaml instead of the one at the top.');
const timeout = ref(
  'duration',
  'Of a read: how long it is tried in all. Of a watch and a watched command: how long it is watched; its end never ends ' +
    'what goes on in the world.',
);
const given: Schema = {
  description: 'What the action, or the runbook, is given.',
  type: 'object',
};

/** What takes a step back. */
const rollback: Schema = mapOf(
  ROLLBACK,
  {
    uses: actionOf(COMMANDS, 'The command that takes it back.'),
    title: ref('templateText', 'What people read.'),
    with: given,
    connection,
    timeout,
  },
  {
    description: 'A command that takes back what the step did.',
    required: ['uses'],
    allOf: BY_COMMAND,
    examples: [{ uses: 'vro.undo', with: { plan: '${{ inputs.plan }}' } }],
  },
);

/** A step: exactly one kind, and what modifies it. */
export const step: Schema = mapOf(
  STEP,
  {
    id: ref('id', 'Expressions, votes and the timeline name the step by it; unique in the file.'),
    title: ref('templateText', 'What people read.'),
    description: ref('text', 'For people: more than fits into a title.'),
    links: modifiers.links,
    modes: modifiers.modes,
    if: ref('expression', 'False means skipped, with everything in it.', { examples: ['inputs.sure'] }),
    onFailure: modifiers.onFailure,
    window: modifiers.window,
    marks: modifiers.marks,
    with: given,
    connection,
    retry: modifiers.retry,
    timeout,
    until: modifiers.until,
    accept: modifiers.accept,
    settle: flag('false: a command is not watched after it was sent.'),
    rollback: ref('rollback'),
    forEach: modifiers.forEach,
    maxConcurrency: integer(1, 'How many branches are under way at a time; all without it.', {
      maximum: 500,
    }),
    failFast: flag('true: the first branch that fails ends the others.'),
    uses: actionOf(ACTIONS, 'Runs an action, with the values under `with`.'),
    approval: ref('approval'),
    manual: ref('manual'),
    wait: modifiers.wait,
    check: ref('expression', 'Fails unless this is true.', {
      examples: ['steps.ready.outcome == "succeeded"'],
    }),
    steps: steps('A block: steps in order. With `forEach` beside it, a loop.'),
    parallel: steps('Branches side by side; each is one step.'),
    runbook: ref('runbookName', 'Runs another runbook, whose file stands beside this one.'),
  },
  {
    required: ['id'],
    oneOf: STEP_KINDS.map((kind) => ({ required: [kind] })),
    dependencies: DEPENDENCIES,
    allOf: [...BY_ACTION, ...MISPLACED],
  },
);

/** The definitions that a step refers to, by name. */
export const stepDefinitions: Readonly<Record<string, Schema>> = { step, rollback };
