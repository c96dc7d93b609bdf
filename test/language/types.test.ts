import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRunbook, createLibrary, type Diagnostic } from '../../src/language/index.ts';
import { typeOfJson } from '../../src/language/meaning/types/declared.ts';
import { inferType } from '../../src/language/meaning/types/infer.ts';
import { mayFit, type Type } from '../../src/language/meaning/types/type.ts';
import { ExpressionError, parseExpression, type ExpressionNode } from '../../src/model/expression.ts';
import type { Json } from '../../src/model/json.ts';
import { errorsOf, withSteps } from './support.ts';

const PLAN = 'with: { plan: "${{ inputs.plan }}" }';
const READ = `- { id: plan, uses: vro.plan, ${PLAN} }\n`;
const OVER = `- { id: over, uses: vro.failover, ${PLAN} }\n`;

const diagnosticsOf = (steps: string): readonly Diagnostic[] =>
  compileRunbook({ text: withSteps(steps), file: 'test.yaml' }).diagnostics;
const errorOf = (steps: string): Diagnostic | undefined =>
  diagnosticsOf(steps).find(({ severity }) => severity === 'error');
/** A check in line 6, whose expression begins in column 21, and its first error. */
const checked = (expression: string): string | undefined =>
  errorOf(`- { id: a, check: '${expression}' }`)?.message;

describe('an expression that puts together what does not go together', () => {
  it.each([
    ['a text and a number', 'inputs.url == inputs.count', 20, 'compares a text with a whole number'],
    ['a text and a number, in order', 'inputs.url < 3', 20, '`<` compares two numbers or two texts'],
    ['a sum of a text and a number', 'size(inputs.url + inputs.count) > 1', 25, '`+` adds two numbers'],
    ['a key that is no text', '{1: 2}["a"] == 2', 21, 'A key is a text'],
    ['the rest of a fraction', '1.5 % 2 > 0', 20, '`%` takes two whole numbers'],
    ['a number that is negated', '!inputs.count', 21, 'What stands behind `!` is true or false'],
    ['a text with a minus', '-inputs.url == "x"', 20, '`-` takes a number'],
    ['a text as a side of and', 'inputs.url && true', 20, 'Each side of `&&` is true or false'],
    ['a number as a condition', 'inputs.count ? true : false', 20, 'What stands before `?`'],
    [
      'the size of a number',
      'size(inputs.count) > 1',
      25,
      '`size(inputs.count)` takes a text or a list or a map',
    ],
    ['a part of a number', 'inputs.count.contains("1")', 20, 'takes a text, but gets a whole number'],
    ['a walk over a text', 'inputs.url.all(c, c == "a")', 20, '`all` walks a list, but this is a text'],
    ['a membership in a text', '"a" in inputs.url', 20, '`in` looks into a list or a map'],
    ['a text among numbers', '"a" in [1, 2]', 20, 'looks for a text among what is a whole number each'],
    ['a field of a text', 'has(inputs.url) && inputs.url[0] == "h"', 39, '`[…]` reaches into a list'],
    ['an item that is asked like a number', '["a"].exists(x, x > 1)', 36, '`>` compares'],
    ['a test that is no test', '[1].exists(x, x + 1)', 34, 'What `exists` asks of each item'],
  ])('is refused: %s', (_, expression, column, message) => {
    const found = errorOf(`- { id: a, check: '${expression}' }`);
    expect(found).toMatchObject({ code: 'EXPRESSION_TYPE', line: 6, column });
    expect(found?.message).toContain(message);
  });

  it.each([
    ['if', '- { id: a, if: inputs.count, wait: 1s }', 'EXPRESSION_TYPE 6:16'],
    ['check', '- { id: a, check: inputs.count + 1 }', 'EXPRESSION_TYPE 6:19'],
    [
      'until',
      `- { id: a, uses: vro.plan, ${PLAN}, until: { within: 1m, if: output.name } }`,
      'EXPRESSION_TYPE 6:91',
    ],
    [
      'accept',
      `- { id: a, uses: vro.failover, ${PLAN}, accept: { if: output.polls } }`,
      'EXPRESSION_TYPE 6:84',
    ],
    [
      'a text',
      `${OVER}- { id: a, manual: { title: Look, instructions: 'Look at \${{ steps.over.output.failed }}' } }`,
      'EXPRESSION_TYPE 7:62',
    ],
    ['a wait', "- { id: a, wait: '${{ inputs.count }}' }", 'TYPE 6:18'],
  ])('is told where it is the whole of: %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual([expected]);
  });

  it('says how to bring a text and a number together', () => {
    expect(errorOf("- { id: a, check: 'inputs.url == inputs.count' }")?.hint).toBe(
      'Make a text of the number: string(…).',
    );
  });

  it('is told once, not for all that follows from it', () => {
    expect(
      errorsOf(withSteps("- { id: a, check: '(inputs.url + 1) * 2 > size(inputs.url + 1)' }")),
    ).toHaveLength(2);
  });
});

describe('what is known of a value', () => {
  it.each([
    ['an output of the catalog', `${READ}- { id: a, check: 'steps.plan.output.name > 1' }`],
    ['an output that may be nothing', `${OVER}- { id: a, check: 'steps.over.output.startedAt > 1' }`],
    ['an item of an output', `${OVER}- { id: a, check: 'steps.over.output.failed[0].vm > 1' }`],
    [
      'an item that is walked over',
      `${OVER}- { id: a, check: 'steps.over.output.failed.exists(vm, vm.isCritical == "yes")' }`,
    ],
    [
      'a list that was made of another',
      `${OVER}- { id: a, check: 'steps.over.output.failed.map(vm, vm.vm)[0] > 1' }`,
    ],
    [
      'what people fill in',
      `- { id: m, manual: { title: Count, fields: { n: integer } } }\n- { id: a, check: 'steps.m.output.n == "1"' }`,
    ],
    ['how a step came out', `- { id: w, wait: 1s }\n- { id: a, check: 'steps.w.outcome == 1' }`],
    ['the run', `- { id: a, check: 'run.mode == 1' }`],
    ['one of two', `- { id: a, check: '(inputs.count > 1 ? 1 : 2) == "x"' }`],
    [
      'the item of a loop over an output',
      '- { id: ps, uses: vro.plans }\n- id: each\n  forEach: { items: "${{ steps.ps.output.plans }}", as: p, key: "${{ p.id }}" }\n  steps:\n    - { id: a, check: p.name > 1 }',
    ],
    [
      'the counts of a loop',
      '- id: each\n  forEach: { items: "${{ [1] }}", as: p, key: "${{ p }}" }\n  steps:\n    - { id: w, wait: 1s }\n- { id: a, check: steps.each.output.failed == "0" }',
    ],
  ])('%s', (_, steps) => {
    const errors = diagnosticsOf(steps).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(['EXPRESSION_TYPE']);
  });

  it.each([
    ['dyn() is anything', 'dyn(inputs.url) == 1'],
    ['whole numbers and fractions are numbers', 'inputs.count * 1.5 > 2.5 && inputs.count / 2 == 1.5'],
    ['anything may be asked for null', 'inputs.url != null'],
    [
      'texts, lists and numbers are joined',
      'inputs.url + "x" == "x" && size([1] + [2]) == 2 && inputs.count + 1 > 1',
    ],
    ['numbers become texts', '"a" + string(inputs.count) == inputs.url'],
    ['an empty list holds nothing in particular', '"a" in [] || 1 in []'],
    ['a map has its keys', '"a" in {"a": 1} && {"a": 1}.a == 1'],
    ['lists of lists are reached into', '[[1], [2]][0][0] == 1'],
  ])('leaves alone: %s', (_, expression) => {
    expect(checked(expression)).toBeUndefined();
  });

  it('finds a field that the items of a list do not have', () => {
    const found = errorOf(`${OVER}- { id: a, check: 'steps.over.output.failed.exists(vm, vm.isCritcal)' }`);
    expect(found).toMatchObject({ code: 'UNKNOWN_REFERENCE', hint: 'Did you mean `isCritical`?' });
  });

  it('knows a variable in both modes', () => {
    const text = `vars: { n: { drill: 1, live: "1" }, m: 1 }\n${withSteps('- { id: a, check: \'vars.n == 1 && vars.m == "1"\' }')}`;
    expect(errorsOf(text)).toEqual(['EXPRESSION_TYPE 7:35']);
  });
});

describe('a value of `with`', () => {
  it.each([
    [
      'a text where a number belongs',
      `${READ}- { id: a, uses: tcp.check, with: { host: x, port: '\${{ steps.plan.output.name }}' } }`,
      'TYPE 7:52',
    ],
    [
      'a number where a text belongs',
      `${OVER}- { id: a, uses: tcp.check, with: { host: '\${{ steps.over.output.polls }}', port: 80 } }`,
      'TYPE 7:43',
    ],
    [
      'a number that is computed',
      `- { id: a, uses: tcp.check, with: { host: '\${{ inputs.count + 1 }}', port: 80 } }`,
      'TYPE 6:43',
    ],
    [
      'a list of numbers where texts belong',
      `- { id: a, uses: one.checkRpo, connection: hq, with: { target: 1h, vms: '\${{ [1, 2] }}' } }`,
      'TYPE 6:73',
    ],
    [
      'a text in a list of numbers',
      `- { id: a, uses: one.resolveAlarms, connection: hq, with: { alarms: ['\${{ inputs.url }}'], comment: x } }`,
      'TYPE 6:70',
    ],
  ])('is checked: %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual([expected]);
  });

  it('is fine where it may be right', () => {
    const steps = `${OVER}- { id: a, uses: tcp.check, with: { host: x, port: '\${{ steps.over.output.polls }}' } }`;
    expect(errorsOf(withSteps(steps))).toEqual([]);
  });
});

describe('a runbook in a runbook', () => {
  const CHILD = `apiVersion: muster/v1
name: child
inputs: { least: { type: integer, default: 1 } }
steps: [{ id: count, manual: { title: Count, fields: { orders: integer } } }]
outputs: { orders: '\${{ steps.count.output.orders }}', least: '\${{ inputs.least }}', note: done }
`;
  const errors = (steps: string): string[] =>
    compileRunbook({
      text: withSteps(steps),
      file: 'test.yaml',
      library: createLibrary({ child: CHILD }, () => 'digest'),
    })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);

  it.each([
    [
      'takes values of its types',
      `- { id: a, runbook: child, with: { least: '\${{ inputs.url }}' } }`,
      ['TYPE'],
    ],
    [
      'answers what its steps do',
      `- { id: a, runbook: child }\n- { id: b, check: 'steps.a.output.orders == "1"' }`,
      ['EXPRESSION_TYPE'],
    ],
    [
      'answers what it was given',
      `- { id: a, runbook: child }\n- { id: b, check: 'steps.a.output.least == "1"' }`,
      ['EXPRESSION_TYPE'],
    ],
    [
      'answers texts',
      `- { id: a, runbook: child }\n- { id: b, check: 'steps.a.output.note == 1' }`,
      ['EXPRESSION_TYPE'],
    ],
    [
      'is fine',
      `- { id: a, runbook: child, with: { least: '\${{ inputs.count }}' } }\n- { id: b, check: steps.a.output.orders > 1 }`,
      [],
    ],
  ])('%s', (_, steps, expected) => {
    expect(errors(steps)).toEqual(expected);
  });
});

describe('the types of random expressions', () => {
  /** What stands for the names, and what is told of it. */
  const VALUES = { n: 7, t: 'ab', b: true, l: [1, 2], m: { f: 1.5, t: 'x' } };
  const NAMES: Readonly<Record<string, Type>> = Object.fromEntries(
    Object.entries(VALUES).map(([name, value]) => [name, typeOfJson(value)]),
  );
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        'n',
        't',
        'b',
        'l',
        'm',
        'm.f',
        'm.t',
        'l[0]',
        '1',
        '2.5',
        '"a"',
        'true',
        'null',
        '[]',
        '["x"]',
      ),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom('+', '-', '*', '<', '>=', '==', '!=', '&&', '||', 'in'),
          tie('expression'),
        )
        .map(([left, op, right]) => `(${left} ${op} ${right})`),
      fc
        .tuple(fc.constantFrom('size', 'string', 'bool', '!', '-'), tie('expression'))
        .map(([f, x]) => `${f}(${x})`),
      fc
        .tuple(tie('expression'), fc.constantFrom('exists', 'all', 'filter', 'map'), tie('expression'))
        .map(([list, macro, body]) => `${list}.${macro}(v, ${body})`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    ),
  }));

  it('are those of what comes out', () => {
    fc.assert(
      fc.property(expression, (source) => {
        const outcome = tried(source);
        if (outcome === undefined) return;
        const type = inferType(
          outcome.tree,
          (name) => NAMES[name],
          () => outcome.problems.push(source),
        );
        // What is well typed yields what is said of it.
        if (outcome.problems.length > 0 || outcome.value === undefined) return;
        expect(mayFit(typeOfJson(outcome.value), type)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are refused only where they fail', () => {
    fc.assert(
      fc.property(expression, (source) => {
        // Elsewhere a part may never be looked at, or what is never there is just not there.
        if (/&&|\|\||\?| in |\(v,/.test(source)) return;
        const outcome = tried(source);
        if (outcome === undefined) return;
        inferType(
          outcome.tree,
          (name) => NAMES[name],
          () => outcome.problems.push(source),
        );
        expect(outcome.problems.length > 0 && outcome.value !== undefined).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  function tried(
    source: string,
  ): { tree: ExpressionNode; value?: Json; failure?: string; problems: string[] } | undefined {
    try {
      const expressionOf = parseExpression(source);
      const { tree } = expressionOf;
      try {
        return { tree, value: expressionOf.evaluate(VALUES), problems: [] };
      } catch (error) {
        return { tree, failure: error instanceof ExpressionError ? error.message : '', problems: [] };
      }
    } catch {
      // Macros nest two deep only.
      return undefined;
    }
  }
});
