import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';

/** A runbook at random, as its file would have it, and what people answer at its gates. */
export interface RandomRunbook {
  /** From `inputs:` on. */
  readonly lines: string;
  /** The answers at each gate of a step, by its id, one after the other; the last is the answer to whatever comes then. */
  readonly answers: ReadonlyMap<string, Answers>;
}

export interface Answers {
  readonly approval: readonly string[];
  readonly manual: readonly string[];
  readonly decision: readonly string[];
}

/** A step before it has an id: what its file says of it, given the id and that of the step before it. */
interface Draft {
  readonly says: (before: string | undefined) => Readonly<Record<string, Json>>;
  readonly children?: { readonly key: 'steps' | 'parallel'; readonly drafts: readonly Draft[] };
  readonly answers: Answers;
}

/** Where a step stands: what is possible there. */
interface Around {
  readonly depth: number;
  /** Another branch or item may be under way, so that what ends the run would race with it. */
  readonly isShared: boolean;
  /** The loops around. */
  readonly loops: number;
}

const MAX_DEPTH = 3;
const MAX_LOOPS = 2;
/** So that a runbook that retries all it may is still done in a few seconds. */
const MAX_SIBLINGS = 3;

/** A step that runs in every mode. */
const LAST: Draft = {
  says: () => ({ check: 'true' }),
  answers: { approval: [], manual: [], decision: [] },
};

const DECISIONS_ON_LEAVES = ['skip', 'done'];
const ENDING_DECISIONS = ['abort'];

/** Up to two times `retry`, or for a manual step `failed`, and then something that ends it. */
const answersThat = (ending: readonly string[], manual: readonly string[]): fc.Arbitrary<Answers> =>
  fc.record({
    approval: fc.constantFrom('approve').map((one) => [one]),
    manual: fc
      .array(fc.constantFrom('failed', 'failed', ...manual), { maxLength: 2 })
      .map((first) => [...first, 'done']),
    decision: fc
      .tuple(fc.nat({ max: 2 }), fc.constantFrom(...ending))
      .map(([retries, last]) => [...Array.from({ length: retries }, () => 'retry'), last]),
  });

const conditions = fc.oneof(
  { weight: 8, arbitrary: fc.constant(() => undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('inputs.yes', '!inputs.yes', '1 / inputs.zero == 1').map((text) => () => text),
  },
  {
    weight: 1,
    arbitrary: fc.constant((before?: string) => before && `steps.${before}.outcome == "succeeded"`),
  },
);

function policies({ isShared }: Around): fc.Arbitrary<string | undefined> {
  const harmless = ['pause', undefined, undefined, 'continue'];
  return fc.constantFrom(...harmless, ...(isShared ? [] : ['stop', 'rollback']));
}

function leaf(around: Around): fc.Arbitrary<Draft> {
  const { isShared, loops } = around;
  const what = fc.oneof(
    fc.constantFrom('true', 'false', 'inputs.yes', '1 / inputs.zero == 1').map((check) => () => ({ check })),
    fc.constant((before?: string) => ({ check: before ? `steps.${before}.outcome != "failed"` : 'true' })),
    ...(loops > 0 ? [fc.constant(() => ({ check: `item${loops} != "b"` }))] : []),
    fc.constantFrom('always', 'ERP').map((app) => () => ({
      uses: 'http.check',
      with: { url: `<app>/apps/${app}/health` },
    })),
    fc.constant(() => ({
      manual: { title: 'Fine?', answers: { done: 'succeeded', some: 'warned', failed: 'failed' } },
    })),
    fc.constant(() => ({ approval: { title: 'Go on?', rules: [{ role: 'dr-manager', count: 1 }] } })),
  );
  return fc
    .record({
      what,
      condition: conditions,
      onFailure: policies(around),
      modes: fc.constantFrom(undefined, undefined, undefined, undefined, ['live']),
      answers: answersThat([...DECISIONS_ON_LEAVES, ...(isShared ? [] : ENDING_DECISIONS)], ['some', 'done']),
      refuses: fc.integer({ min: 0, max: 5 }).map((one) => one === 0 && !isShared),
    })
    .map(({ what: kind, condition, onFailure, modes, answers, refuses }) => ({
      says: (before) => defined({ ...kind(before), if: condition(before), onFailure, modes }),
      answers: refuses ? { ...answers, approval: ['reject'] } : answers,
    }));
}

function container(around: Around): fc.Arbitrary<Draft> {
  const { depth, loops, isShared } = around;
  const kinds = ['steps', 'parallel', ...(loops < MAX_LOOPS ? ['forEach', 'forEach'] : [])] as const;
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      maxConcurrency: fc.integer({ min: 1, max: 3 }),
      collects: fc.constantFrom(true, true, false),
      items: fc.constantFrom(['a'], ['a', 'b'], ['b', 'c d', 'a'], []),
    })
    .chain(({ kind, maxConcurrency, collects, items }) => {
      const isLoop = kind === 'forEach';
      const inside: Around = {
        depth: depth + 1,
        isShared: isShared || kind === 'parallel' || (isLoop && maxConcurrency > 1),
        loops: loops + (isLoop ? 1 : 0),
      };
      const loop = {
        forEach: {
          items: `\${{ ${JSON.stringify(items)} }}`,
          as: `item${inside.loops}`,
          key: `\${{ item${inside.loops} }}`,
          maxConcurrency,
          ...(collects && { failures: 'collect' }),
        },
      };
      return fc
        .record({
          drafts: fc.array(draft(inside), { minLength: 1, maxLength: MAX_SIBLINGS }),
          condition: conditions,
          onFailure: policies(around),
          answers: answersThat(['skip', ...(isShared ? [] : ENDING_DECISIONS)], []),
        })
        .map(({ drafts, condition, onFailure, answers }) => ({
          says: (before: string | undefined) =>
            defined({
              if: condition(before),
              onFailure,
              ...(isLoop && loop),
              ...(kind === 'parallel' && { maxConcurrency }),
            }),
          children: { key: kind === 'parallel' ? ('parallel' as const) : ('steps' as const), drafts },
          answers,
        }));
    });
}

function draft(around: Around): fc.Arbitrary<Draft> {
  if (around.depth >= MAX_DEPTH) return leaf(around);
  return fc.oneof({ weight: 1, arbitrary: leaf(around) }, { weight: 1, arbitrary: container(around) });
}

/** Random runbooks of blocks, branches and loops around checks, reads, approvals and manual steps, and their answers. */
export function randomRunbook(): fc.Arbitrary<RandomRunbook> {
  const top: Around = { depth: 0, isShared: false, loops: 0 };
  // An approval behind the steps would be asked of a run that is over.
  const last = leaf(top).filter(({ says }) => !('approval' in says(undefined)));
  return fc
    .record({
      steps: fc.array(draft(top), { minLength: 1, maxLength: 4 }),
      cleanup: fc.array(last, { maxLength: 2 }),
      always: fc.array(last, { maxLength: 2 }),
    })
    .map(written);
}

function written(phases: Readonly<Record<'steps' | 'cleanup' | 'always', readonly Draft[]>>): RandomRunbook {
  const answers = new Map<string, Answers>();
  let count = 0;
  const write = (drafts: readonly Draft[], isInOrder: boolean): Json[] => {
    let before: string | undefined;
    return drafts.map((one) => {
      count += 1;
      const id = `s${count}`;
      answers.set(id, one.answers);
      const { children } = one;
      const said = one.says(isInOrder ? before : undefined);
      before = id;
      const inside = children && { [children.key]: write(children.drafts, children.key === 'steps') };
      return { id, ...said, ...inside };
    });
  };
  // So that no runbook is without a step in the mode.
  const all = { ...phases, steps: [...phases.steps, LAST] };
  const lists = Object.entries(all).map(([name, drafts]) => [name, write(drafts, true)] as const);
  const inputs = { yes: { type: 'boolean', default: true }, zero: { type: 'integer', default: 0 } };
  const lines = [['inputs', inputs] as const, ...lists.filter(([, list]) => list.length > 0)]
    .map(([name, value]) => `${name}: ${JSON.stringify(value, null, 1)}`)
    .join('\n');
  return { lines: `${lines}\n`, answers };
}

function defined(said: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
