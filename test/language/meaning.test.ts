import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { compiled, errorsOf, withSteps } from './support.ts';

const PLAN = 'with: { plan: "${{ inputs.plan }}" }';
const RULES = 'rules: [{ role: r, count: 1 }]';
const hintOf = (steps: string): string | undefined =>
  compileRunbook({ text: withSteps(steps), file: 'test.yaml' }).diagnostics.find(
    ({ hint }) => hint !== undefined,
  )?.hint;

describe('actions', () => {
  it.each([
    ['an unknown action', '- { id: a, uses: vro.failver }', ['UNKNOWN_ACTION 6:18']],
    ['a name of every object', '- { id: a, uses: toString }', ['UNKNOWN_ACTION 6:18']],
    ['a notification of nothing', '- { id: a, uses: notify.webhook }', ['REQUIRED 6:18', 'REQUIRED 6:18']],
    ['a missing value', '- { id: a, uses: vro.plan }', ['REQUIRED 6:18']],
    ['a missing value beside others', '- { id: a, uses: tcp.check, with: { host: x } }', ['REQUIRED 6:35']],
    ['an unknown key', `- { id: a, uses: vro.plan, with: { plan: x, pln: y } }`, ['UNKNOWN_KEY 6:45']],
    [
      'a role that is none',
      '- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: ["${{ inputs.url }}"], validFor: 1h, revealTo: X } }',
      ['VALUE 6:108'],
    ],
    [
      'a value of the wrong type',
      '- { id: a, uses: tcp.check, with: { host: x, port: "80" } }',
      ['TYPE 6:52'],
    ],
    [
      'a number with a leading zero',
      '- { id: a, uses: tcp.check, with: { host: x, port: 012 } }',
      ['TYPE 6:52'],
    ],
    [
      'a number in base sixty',
      '- { id: a, uses: tcp.check, with: { host: x, port: 12:30:45 } }',
      ['TYPE 6:52'],
    ],
    ['a number out of range', '- { id: a, uses: tcp.check, with: { host: x, port: 70000 } }', ['VALUE 6:52']],
    [
      'a boolean that is a text',
      '- { id: a, uses: vro.readinessCheck, with: { plan: x, report: yes } }',
      ['TYPE 6:63'],
    ],
    [
      'an item of the wrong form',
      '- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: [x], validFor: 1h } }',
      ['VALUE 6:62'],
    ],
    [
      'an item of the wrong form beside a template',
      '- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: ["${{ inputs.url }}", x], validFor: 1h } }',
      ['VALUE 6:83'],
    ],
    [
      'a duration that is none',
      `- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.url }}"], validFor: soon } }`,
      ['TYPE 6:94'],
    ],
    [
      'an input of the wrong type',
      '- { id: a, uses: tcp.check, with: { host: x, port: "${{ inputs.url }}" } }',
      ['TYPE 6:52'],
    ],
    [
      'a text where a number belongs',
      '- { id: a, uses: tcp.check, with: { host: x, port: "8${{ inputs.count }}" } }',
      ['TYPE 6:52'],
    ],
    [
      'a text where a list belongs',
      '- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: "${{ inputs.url }}", validFor: 1h } }',
      ['TYPE 6:61'],
    ],
    ['values that are no map', '- { id: a, uses: vro.plan, with: x }', ['SHAPE 6:34']],
    ['until on a command', `- { id: a, uses: vro.undo, ${PLAN}, until: { within: 1m } }`, ['MISPLACED 6:66']],
    [
      'until on a watch',
      `- { id: a, uses: vro.waitUntilStable, ${PLAN}, until: { within: 1m } }`,
      ['MISPLACED 6:77'],
    ],
    ['until without an end', `- { id: a, uses: vro.plan, ${PLAN}, until: { every: 1s } }`, ['REQUIRED 6:75']],
    [
      'a retry of a command',
      `- { id: a, uses: vro.undo, ${PLAN}, retry: { attempts: 3 } }`,
      ['MISPLACED 6:66'],
    ],
    ['one attempt', `- { id: a, uses: vro.plan, ${PLAN}, retry: { attempts: 1 } }`, ['VALUE 6:85']],
    [
      'a connection where none is used',
      '- { id: a, uses: tcp.check, connection: x, with: { host: x, port: 80 } }',
      ['MISPLACED 6:29'],
    ],
  ])('refuses %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual(expected);
  });

  it('needs the connection of its system', () => {
    const text = 'apiVersion: muster/v1\nname: a\nsteps: [{ id: a, uses: vro.plan, with: { plan: x } }]\n';
    expect(errorsOf(text)).toEqual(['CONNECTION_MISSING 3:24']);
  });

  it('names the action that was probably meant', () => {
    expect(hintOf('- { id: a, uses: vro.failver }')).toBe('Did you mean `vro.failover`?');
  });

  it('carries the facts of the catalog into the compiled step', () => {
    const [step] = compiled(
      withSteps(`- { id: a, uses: vro.failover, connection: other, ${PLAN}, timeout: 2h }`),
    ).steps;
    expect(step).toMatchObject({
      connection: 'other',
      timeoutMs: 7_200_000,
      with: { plan: '${{ inputs.plan }}' },
      action: { effect: 'command', impact: 'production', settlesBy: 'vro.waitUntilStable' },
    });
  });

  it('gives retry and until their defaults', () => {
    const [step] = compiled(
      withSteps(`- { id: a, uses: vro.plan, ${PLAN}, retry: { attempts: 3 }, until: { within: 1m } }`),
    ).steps;
    expect(step).toMatchObject({
      retry: { attempts: 3, backoffMs: 10_000 },
      until: { withinMs: 60_000, everyMs: 10_000 },
    });
  });
});

describe('expressions', () => {
  it.each([
    ['what cannot be read', '- { id: a, check: inputs.count > }', ['EXPRESSION_SYNTAX 6:33']],
    ['what cannot be read, in quotes', '- { id: a, check: "inputs.count >> 1" }', ['EXPRESSION_SYNTAX 6:34']],
    ['an unknown function', '- { id: a, check: "matches(inputs.url, \'x\')" }', ['EXPRESSION_FUNCTION 6:20']],
    ['a clock', '- { id: a, check: "now() > 1" }', ['EXPRESSION_FUNCTION 6:20']],
    ['a very long expression', `- { id: a, check: "${'1 + '.repeat(600)}1 > 0" }`, ['EXPRESSION_LIMIT 6:20']],
    [
      'deeply nested parentheses',
      `- { id: a, check: "${'('.repeat(500)}1${')'.repeat(500)} > 0" }`,
      ['EXPRESSION_LIMIT'],
    ],
    [
      'a template in an expression',
      '- { id: a, if: "${{ inputs.count }} > 1", wait: 1s }',
      ['TEMPLATE_IN_EXPRESSION 6:16'],
    ],
    [
      'a template in until.if',
      `- { id: a, uses: vro.plan, ${PLAN}, until: { within: 1m, if: "\${{ output.id }}" } }`,
      ['TEMPLATE_IN_EXPRESSION 6:91'],
    ],
    ['a number as an expression', '- { id: a, check: 5 }', ['TYPE 6:19']],
    ['an empty expression', '- { id: a, wait: 1s, if: }', ['TYPE 6:26']],
    [
      'a template without an end',
      '- { id: a, title: "x ${{ inputs.url", wait: 1s }',
      ['EXPRESSION_SYNTAX 6:22'],
    ],
    ['an unknown root', '- { id: a, check: secrets.x == 1 }', ['UNKNOWN_REFERENCE 6:19']],
    [
      'an unknown input',
      '- { id: a, title: "Plan ${{ inputs.pln }}", wait: 1s }',
      ['UNKNOWN_REFERENCE 6:29'],
    ],
    ['an unknown variable', '- { id: a, check: vars.x == 1 }', ['UNKNOWN_REFERENCE 6:19']],
    ['an unknown step', '- { id: a, check: has(steps.zz.output) }', ['UNKNOWN_REFERENCE 6:23']],
    [
      'an unknown field of a step',
      '- { id: a, wait: 1s }\n- { id: b, check: steps.a.result == 1 }',
      ['UNKNOWN_REFERENCE 7:19'],
    ],
    [
      'an unknown output',
      `- { id: a, uses: vro.plan, ${PLAN} }\n- { id: b, check: 'steps.a.output.stat == ""' }`,
      ['UNKNOWN_REFERENCE 7:20'],
    ],
    [
      'an output inside an output',
      `- { id: a, uses: vro.undo, ${PLAN} }\n- { id: b, check: 'steps.a.output.plan.nam == ""' }`,
      ['UNKNOWN_REFERENCE 7:20'],
    ],
    [
      'the output of a wait',
      '- { id: a, wait: 1s }\n- { id: b, check: steps.a.output == 1 }',
      ['UNKNOWN_REFERENCE 7:19'],
    ],
    ['an unknown field of the run', '- { id: a, check: run.secret == 1 }', ['UNKNOWN_REFERENCE 6:19']],
    ['the outcome before the end', '- { id: a, check: run.outcome == "x" }', ['UNKNOWN_REFERENCE 6:19']],
    ['all inputs at once', '- { id: a, check: size(inputs) > 1 }', ['UNKNOWN_REFERENCE 6:24']],
    [
      'the prototype of the steps',
      `- { id: a, check: 'steps["__proto__"] == 1' }`,
      ['UNKNOWN_REFERENCE 6:20'],
    ],
    [
      'a method of every object',
      '- { id: a, check: inputs.hasOwnProperty == 1 }',
      ['UNKNOWN_REFERENCE 6:19'],
    ],
    [
      'this',
      '- { id: a, title: "${{ this.constructor.constructor(\'return process\')() }}", wait: 1s }',
      ['EXPRESSION_SYNTAX'],
    ],
    ['output outside of until', '- { id: a, check: output.x == 1 }', ['UNKNOWN_REFERENCE 6:19']],
    [
      'steps inside of until',
      `- { id: w, wait: 1s }\n- { id: a, uses: vro.plan, ${PLAN}, until: { within: 1m, if: steps.w.outcome == output.id } }`,
      ['UNKNOWN_REFERENCE 7:91'],
    ],
    [
      'an unknown output in until',
      `- { id: a, uses: vro.plan, ${PLAN}, until: { within: 1m, if: output.nme == "x" } }`,
      ['UNKNOWN_REFERENCE 6:91'],
    ],
    ['the step itself', '- { id: a, check: steps.a.outcome == "x" }', ['LATE_REFERENCE 6:19']],
    [
      'a step that comes later',
      '- { id: a, check: steps.b.outcome == "x" }\n- { id: b, wait: 1s }',
      ['LATE_REFERENCE 6:19'],
    ],
    [
      'the block around it',
      '- { id: a, steps: [{ id: b, check: steps.a.outcome == "x" }] }',
      ['LATE_REFERENCE 6:36'],
    ],
    [
      'another branch',
      '- { id: a, parallel: [{ id: b, wait: 1s }, { id: c, steps: [{ id: d, check: steps.b.outcome == "x" }] }] }',
      ['LATE_REFERENCE 6:77'],
    ],
    [
      'a step of cleanup, from the steps',
      '- { id: a, check: steps.z.outcome == "x" }\ncleanup: [{ id: z, wait: 1s }]',
      ['LATE_REFERENCE 6:19'],
    ],
  ])('refuses %s', (_, steps, expected) => {
    const errors = errorsOf(withSteps(steps));
    expect(
      errors.map((error, index) => (expected[index]?.includes(' ') === false ? error.split(' ')[0] : error)),
    ).toEqual(expected);
  });

  it.each([
    ['booleans as YAML reads them', '- { id: a, if: false, check: true }'],
    ['steps before', '- { id: a, wait: 1s }\n- { id: b, check: steps.a.outcome == "succeeded" }'],
    [
      'steps inside an earlier block',
      '- { id: a, parallel: [{ id: b, wait: 1s }] }\n- { id: c, check: steps.b.outcome == steps.a.outcome }',
    ],
    [
      'earlier steps of the same branch',
      '- { id: a, parallel: [{ id: b, steps: [{ id: c, wait: 1s }, { id: d, check: steps.c.outcome == "x" }] }] }',
    ],
    [
      'all steps and the outcome, from always',
      '- { id: a, wait: 1s }\nalways: [{ id: z, check: steps.a.outcome == run.outcome }]',
    ],
    [
      'loops over outputs',
      `- { id: a, uses: vro.undo, ${PLAN} }\n- { id: b, check: "!steps.a.output.failed.exists(vm, vm.isCritical)" }`,
    ],
    [
      'its own output, in until',
      `- { id: a, uses: vro.plan, ${PLAN}, until: { within: 1m, if: output.name == inputs.plan && run.mode == "live" } }`,
    ],
  ])('understands %s', (_, steps) => {
    expect(errorsOf(withSteps(steps))).toEqual([]);
  });

  it('points behind escapes in quotes', () => {
    expect(errorsOf(withSteps('- { id: a, title: "\\t\\u00e9 ${{ inputs.x }}", wait: 1s }'))).toEqual([
      'UNKNOWN_REFERENCE 6:33',
    ]);
    expect(errorsOf(withSteps("- { id: a, title: 'it''s ${{ inputs.x }}', wait: 1s }"))).toEqual([
      'UNKNOWN_REFERENCE 6:30',
    ]);
  });
});

describe('what an approval covers', () => {
  const UNDO = `- { id: undo, uses: vro.undo, ${PLAN} }`;
  it.each([
    [
      'an unknown step',
      `- { id: go, approval: { covers: [undoo], ${RULES} } }\n${UNDO}`,
      ['UNKNOWN_REFERENCE 6:34'],
    ],
    [
      'a step that is no command',
      `- { id: go, approval: { covers: [w], ${RULES} } }\n- { id: w, wait: 1s }`,
      ['COVER_KIND 6:34'],
    ],
    [
      'a block',
      `- { id: go, approval: { covers: [w], ${RULES} } }\n- { id: w, steps: [{ id: x, wait: 1s }] }`,
      ['COVER_KIND 6:34'],
    ],
    [
      'a command before it',
      `${UNDO}\n- { id: go, approval: { covers: [undo], ${RULES} } }`,
      ['COVER_ORDER 7:34'],
    ],
    [
      'a command beside it',
      `- id: a\n  parallel:\n    - { id: go, approval: { covers: [undo], ${RULES} } }\n    ${UNDO}`,
      ['COVER_ORDER 8:38'],
    ],
    [
      'what is not known when it opens',
      `- { id: go, approval: { covers: [undo], ${RULES} } }\n- { id: p, uses: vro.plan, ${PLAN} }\n- { id: undo, uses: vro.undo, with: { plan: "\${{ steps.p.output.id }}" } }`,
      ['COVER_UNRESOLVED 6:34'],
    ],
  ])('refuses %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual(expected);
  });

  it('becomes paths, also of cleanup', () => {
    const text = withSteps(
      `- { id: go, approval: { covers: [deep, undo], ${RULES}, exclude: [starter], timeout: 1h, onTimeout: reject } }\n- { id: b, steps: [{ id: deep, uses: vro.reset, ${PLAN} }] }\ncleanup:\n${UNDO}`,
    );
    expect(compiled(text).steps[0]).toMatchObject({
      covers: ['b/deep', 'cleanup/undo'],
      exclude: ['starter'],
      timeoutMs: 3_600_000,
      onTimeout: 'reject',
    });
  });
});

describe('an approval that excludes the authors', () => {
  const approval = withSteps(`- { id: go, approval: { ${RULES}, exclude: [author] } }`);

  it('needs to know who they are', () => {
    expect(errorsOf(approval)).toEqual(['REQUIRED 6:9']);
    expect(errorsOf(`authors: [anna]\n${approval}`)).toEqual([]);
  });
});
