import { parse } from 'yaml';
import { isActionName, specOf } from '../../src/catalog/index.ts';
import type { Effect } from '../../src/model/runbook.ts';
import type { Decision } from '../../src/model/vote.ts';
import type { Act, Case, Situation } from './case.ts';

/** A step or a runbook as it is written. */
type Written = Readonly<Record<string, unknown>>;

/** What has to stand in a case that shows a construct: something in a step, at the top, or that people do. */
export type Evidence =
  | { readonly step: (step: Written) => boolean }
  | { readonly top: (runbook: Written) => boolean }
  | { readonly act: (act: Act) => boolean }
  | { readonly of: (one: Case) => boolean };

const has =
  (...keys: readonly string[]): ((step: Written) => boolean) =>
  (step) =>
    keys.every((key) => key in step);

const uses =
  (effect: Effect): ((step: Written) => boolean) =>
  ({ uses: name }) =>
    typeof name === 'string' && isActionName(name) && specOf(name).effect === effect;

const decides = (decision: Decision, withValues = false): Evidence => ({
  act: ({ does, values }) => does === decision && (!withValues || values !== undefined),
});

const isMap = (value: unknown): value is Written => typeof value === 'object' && value !== null;
const inMap = (key: string, test: (value: Written) => boolean) => (step: Written) => {
  const value = step[key];
  return isMap(value) && test(value);
};

/** Every construct of the language, and how it is known in a case. */
export const CONSTRUCTS: Readonly<Record<string, Evidence>> = {
  read: { step: uses('read') },
  watch: { step: uses('watch') },
  command: { step: uses('command') },
  approval: { step: has('approval') },
  exclude: { step: inMap('approval', has('exclude')) },
  comment: { step: inMap('approval', has('comment')) },
  escalate: { step: inMap('approval', has('escalate')) },
  withdraw: { act: ({ does }) => does === 'withdraw' },
  manual: { step: has('manual') },
  wait: { step: ({ wait }) => typeof wait === 'string' },
  'wait until': { step: inMap('wait', has('until')) },
  check: { step: has('check') },
  steps: { step: (step) => has('steps')(step) && !has('forEach')(step) },
  parallel: { step: has('parallel') },
  maxConcurrency: { step: has('parallel', 'maxConcurrency') },
  failFast: { step: has('parallel', 'failFast') },
  runbook: { step: has('runbook') },
  forEach: { step: has('forEach') },
  collect: { step: inMap('forEach', has('failures')) },
  key: { step: inMap('forEach', has('key')) },
  'nested loops': { step: (step) => has('forEach')(step) && stepsIn(step).some(has('forEach')) },
  if: { step: has('if') },
  modes: { step: has('modes') },
  window: { step: has('window') },
  accept: { step: has('accept') },
  retry: { step: has('retry') },
  timeout: { step: has('timeout') },
  until: { step: has('until') },
  'onFailure: pause': { step: ({ onFailure }) => onFailure === 'pause' },
  'onFailure: stop': { step: ({ onFailure }) => onFailure === 'stop' },
  'onFailure: continue': { step: ({ onFailure }) => onFailure === 'continue' },
  'onFailure: rollback': { step: ({ onFailure }) => onFailure === 'rollback' },
  'onFailure by mode': { step: inMap('onFailure', () => true) },
  rollback: { step: has('rollback') },
  marks: { step: has('marks') },
  cleanup: { top: has('cleanup') },
  always: { top: has('always') },
  outputs: { top: has('outputs') },
  objectives: { top: has('objectives') },
  decisions: { top: has('decisions') },
  inputs: { top: has('inputs') },
  requiredBy: {
    top: inMap('inputs', (inputs) => Object.values(inputs).some((one) => isMap(one) && 'requiredBy' in one)),
  },
  pause: { act: ({ does }) => does === 'pause' },
  resume: { act: ({ does }) => does === 'resume' },
  'decide: retry': decides('retry'),
  'decide: retry with inputs': decides('retry', true),
  'decide: done': decides('done'),
  'decide: skip': decides('skip'),
  'decide: rollback': decides('rollback'),
  'decide: halt': decides('halt'),
  'decide: abort': decides('abort'),
  'decide: keepWaiting': decides('keepWaiting'),
  'decide: continue': decides('continue'),
  'decide: adopt': decides('adopt'),
  'decide: runNow': decides('runNow'),
  rerun: { of: ({ then }) => then !== undefined },
};

const AT_ONCE = 'It is decided at once, so that no time can be over.';

/** The cells of the table that cannot exist, and why. */
export const IMPOSSIBLE: Readonly<Record<string, Partial<Record<Situation, string>>>> = {
  check: { timeout: AT_ONCE },
  if: { timeout: AT_ONCE },
  modes: { timeout: AT_ONCE },
  key: { timeout: 'Keys are made at once when the loop begins.' },
  outputs: { timeout: 'Outputs are made at once when the run ends.' },
  inputs: { timeout: 'Inputs are there before the run begins.' },
  requiredBy: { timeout: 'The gate for late inputs waits for as long as it takes.' },
  wait: { timeout: 'To wait for its time is all that it does.' },
  'wait until': { timeout: 'To wait for its time is all that it does.' },
  pause: { timeout: 'A pause lasts until somebody ends it.' },
  resume: { timeout: 'A pause lasts until somebody ends it.' },
};

/** What is never under way when a run continues as new, and why: it is shown before and behind. */
export const WITHOUT_MIDDLE: Readonly<Record<string, string>> = {
  check: AT_ONCE,
  if: AT_ONCE,
  modes: AT_ONCE,
  outputs: AT_ONCE,
  inputs: AT_ONCE,
  objectives: AT_ONCE,
  runbook: 'Temporal would end the child; the run waits with continuing as new until it has ended.',
  pause: 'The step before which the run stops has not begun.',
  resume: 'The step before which the run stops has not begun.',
  rerun: 'A rerun begins when the run is over.',
};

/** Whether a case has in it what it says it shows. */
export function shows(one: Case, construct: string): boolean {
  const evidence = CONSTRUCTS[construct];
  if (evidence === undefined) return false;
  const runbooks = [one.runbook, ...Object.values(one.library)].map(written);
  if ('of' in evidence) return evidence.of(one);
  if ('top' in evidence) return runbooks.some(evidence.top);
  if ('act' in evidence) return [...one.people, ...(one.then?.people ?? [])].some(evidence.act);
  return runbooks.flatMap(stepsIn).some(evidence.step);
}

/** Whether a construct that is a step was under way when the run of the case continued as new. */
export function isInMiddle(one: Case, construct: string): boolean {
  const evidence = CONSTRUCTS[construct];
  if (evidence === undefined || !('step' in evidence)) return one.middle.length > 0;
  const around = new Set(one.middle.flatMap((path) => path.split('/')));
  return stepsIn(written(one.runbook)).some((step) => around.has(String(step['id'])) && evidence.step(step));
}

/** Whether a case has in it what its situation needs. */
export function isIn(one: Case, situation: Situation): boolean {
  const { people, expect, then } = one;
  const acts = [...people, ...(then?.people ?? [])];
  const all = JSON.stringify([expect, then]);
  switch (situation) {
    case 'success':
      return /"succeeded"|"warned"/.test(all);
    case 'failure':
      return (
        /"failed"|"rejected"|"refused"|"code"/.test(all) ||
        one.faults.length > 0 ||
        // People are asked about a failure only.
        acts.some(
          ({ refused, does, answer }) => refused === true || isAboutFailure(does) || answer === 'failed',
        )
      );
    case 'timeout':
      return /\b(?:timeout|within|window):/.test([one.runbook, ...Object.values(one.library)].join('\n'));
    case 'cancel':
      return acts.some(({ does, refused }) => does === 'cancel' && refused !== true);
    case 'continue':
      return one.continueAfter !== undefined;
  }
}

function isAboutFailure(does: Act['does']): boolean {
  return ['retry', 'done', 'skip', 'rollback', 'abort', 'continue', 'adopt'].includes(does);
}

/** A runbook that cannot even be read shows nothing. */
function written(text: string): Written {
  const runbook: unknown = parse(text);
  return isMap(runbook) ? runbook : {};
}

/** Every step below, also what takes one back. */
function stepsIn(around: Written): Written[] {
  const lists = ['steps', 'parallel', 'cleanup', 'always'].map((key) => around[key]);
  const steps = [...lists.flat(), around['rollback']].filter(isMap);
  return steps.flatMap((step) => [step, ...stepsIn(step)]);
}
