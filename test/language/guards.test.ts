import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { brief, withSteps } from './support.ts';

const PLAN = 'with: { plan: "${{ inputs.plan }}" }';

/** Reads a plan, in line 6. */
function read(more = ''): string {
  return `- { id: r, uses: vro.plan, ${PLAN}${more === '' ? '' : `, ${more}`} }\n`;
}
/** Asks for what was read, in line 7 unless there is more before. */
function asking(more = '', what = 'steps.r.output.name == "x"'): string {
  return `- { id: a, check: '${what}'${more === '' ? '' : `, ${more}`} }\n`;
}

function unguarded(text: string): { at: string[]; messages: string[]; hints: (string | undefined)[] } {
  const found = compileRunbook({ text, file: 'test.yaml' }).diagnostics.filter(
    ({ code }) => code === 'UNGUARDED',
  );
  return {
    at: brief(found),
    messages: found.map(({ message }) => message),
    hints: found.map(({ hint }) => hint),
  };
}

describe('a value that may be missing', () => {
  it.each([
    ['its step has a condition', read('if: inputs.count > 1'), '`r` is skipped unless `inputs.count > 1`'],
    ['its step is for one mode', read('modes: [live]'), '`r` is left out in a drill run'],
    ['its step asks for the mode', read(`if: run.mode == "live"`), '`r` is left out in a drill run'],
    [
      'its step may fail',
      read('onFailure: continue'),
      '`r` may fail, and its `onFailure: continue` lets the run go on',
    ],
    [
      'its step may fail in a drill',
      read('onFailure: { drill: continue }'),
      '`onFailure: continue` of drill runs',
    ],
    [
      'what stands around its step has a condition',
      `- id: b\n  if: inputs.count > 1\n  steps:\n    ${read()}`,
      '`b`, in which it stands, is skipped unless `inputs.count > 1`',
    ],
    [
      'what stands around its step may fail',
      `- id: b\n  onFailure: continue\n  failFast: true\n  parallel:\n    ${read()}    - { id: o, wait: 1s }\n`,
      '`b` may fail',
    ],
  ])('is told, with the reason: %s', (_, steps, reason) => {
    const { messages } = unguarded(withSteps(steps + asking()));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`\`steps.r.output\` may be missing here: ${reason}`.slice(0, 38));
    expect(messages[0]).toContain(reason);
  });

  it('is told where it stands, and how to ask', () => {
    const { at, hints } = unguarded(withSteps(read('modes: [live]') + asking()));
    expect(at).toEqual(['UNGUARDED 7:20']);
    expect(hints).toEqual(['Ask first: has(steps.r.output).']);
  });

  it.each([
    [
      'in a template',
      `- { id: a, uses: tcp.check, with: { host: '\${{ steps.r.output.name }}', port: 1 } }`,
      ['UNGUARDED 7:48'],
    ],
    ['in a condition', `- { id: a, if: 'steps.r.output.name == "x"', wait: 1s }`, ['UNGUARDED 7:17']],
    [
      'in an accept',
      `- { id: a, uses: vro.undo, ${PLAN}, accept: { if: steps.r.output.name == output.state } }`,
      ['UNGUARDED 7:80'],
    ],
    ['as the time at which it began', asking('', 'steps.r.startedAt != ""'), ['UNGUARDED 7:20']],
    ['below a has that asks for more', asking('', 'has(steps.r.output.name)'), ['UNGUARDED 7:20']],
    [
      'on the wrong side of or',
      asking('', 'has(steps.r.output) || steps.r.output.name == "x"'),
      ['UNGUARDED 7:43'],
    ],
    [
      'on the wrong side of a choice',
      asking('', 'has(steps.r.output) ? true : steps.r.output.name == "x"'),
      ['UNGUARDED 7:49'],
    ],
  ])('is found %s', (_, step, expected) => {
    expect(unguarded(withSteps(read('if: inputs.count > 1') + step)).at).toEqual(expected);
  });

  it('is found in cleanup, which comes also when the run ended early', () => {
    const { messages } = unguarded(withSteps(`${read()}cleanup:\n${asking()}`));
    expect(messages).toEqual([
      '`steps.r.output` may be missing here: `cleanup` runs also when the run ended before `r`.',
    ]);
  });

  it('is an input that is required at the end only', () => {
    const text = withSteps(asking('', 'inputs.late == "x"')).replace(
      'inputs: {',
      'inputs: { late: { type: string, requiredBy: end },',
    );
    expect(unguarded(text).hints).toEqual(['Ask first: has(inputs.late).']);
  });
});

describe('nothing is said', () => {
  it.each([
    [
      'when it asks first',
      read('if: inputs.count > 1') + asking('', 'has(steps.r.output) && steps.r.output.name == "x"'),
    ],
    [
      'when it asks last',
      read('if: inputs.count > 1') + asking('', 'steps.r.output.name == "x" && has(steps.r.output)'),
    ],
    [
      'when it says what else',
      read('if: inputs.count > 1') + asking('', 'has(steps.r.output) ? steps.r.output.name == "x" : true'),
    ],
    [
      'when the other side of or asks',
      read('if: inputs.count > 1') + asking('', '!has(steps.r.output) || steps.r.output.name == "x"'),
    ],
    [
      'when it asks how the step came out',
      read('onFailure: continue') +
        asking('', 'steps.r.outcome == "succeeded" && steps.r.output.name == "x"'),
    ],
    [
      'when it asks for one of the good ends',
      read('onFailure: continue') +
        asking('', 'steps.r.outcome in ["succeeded", "warned"] && steps.r.output.name == "x"'),
    ],
    ['when its condition asks', read('if: inputs.count > 1') + asking('if: has(steps.r.output)')],
    ['when it has the same condition', read('if: inputs.count > 1') + asking('if: inputs.count>1')],
    [
      'when its condition is narrower',
      read('if: inputs.count > 1') + asking('if: inputs.count > 1 && inputs.url == "x"'),
    ],
    ['when it has the same modes', read('modes: [live]') + asking('modes: [live]')],
    ['when its condition asks for the mode', read('modes: [live]') + asking(`if: run.mode == "live"`)],
    [
      'when both stand in the same condition',
      `- id: b\n  if: inputs.count > 1\n  steps:\n    ${read()}    ${asking()}`,
    ],
    [
      'when a condition around it asks',
      `${read('if: inputs.count > 1')}- id: b\n  if: has(steps.r.output)\n  steps:\n    ${asking()}`,
    ],
    [
      'when a check before it asked',
      `${read('if: inputs.count > 1')}- { id: c, check: has(steps.r.output), onFailure: stop }\n${asking()}`,
    ],
    [
      'of how a step came out, and when it ended',
      read('if: inputs.count > 1') + asking('', 'steps.r.outcome == "skipped" || steps.r.endedAt == ""'),
    ],
    [
      'of the counts of a loop that may fail',
      `- id: r\n  onFailure: continue\n  forEach: { items: "\${{ [1] }}", as: i, key: "\${{ i }}" }\n  steps: [{ id: w, wait: 1s }]\n${asking('', 'steps.r.output.failed == 0')}`,
    ],
    [
      'of outputs, which are left out',
      `${read('if: inputs.count > 1')}outputs: { name: '\${{ steps.r.output.name }}' }\n`,
    ],
    [
      'of what takes a step back',
      `- { id: o, if: inputs.count > 1, uses: vro.failover, ${PLAN}, rollback: { uses: vro.undo, with: { plan: '\${{ steps.o.output.plan.id }}' } } }\n`,
    ],
  ])('%s', (_, steps) => {
    expect(unguarded(withSteps(steps)).at).toEqual([]);
  });
});
