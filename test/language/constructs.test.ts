import { describe, expect, it } from 'vitest';
import { compiled, errorsOf, withSteps } from './support.ts';

describe('what a runbook is refused for', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a manual step without a possible answer', '- { id: a, manual: { answers: {} } }', ['REQUIRED 6:31']],
    ['an answer that means nothing', '- { id: a, manual: { answers: { ok: fine } } }', ['VALUE 6:37']],
    ['a field that is in every output', '- { id: a, manual: { fields: { person: string } } }', ['ID 6:32']],
    ['a field of an unknown type', '- { id: a, manual: { fields: { x: strin } } }', ['VALUE 6:35']],
    ['a manual step for nobody', '- { id: a, manual: { by: [] } }', ['REQUIRED 6:26']],
    ['a time of the day without a place', "- { id: a, wait: { until: '22:00' } }", ['REQUIRED 6:20']],
    ['a time that no clock shows', "- { id: a, wait: { until: '25:00', timezone: UTC } }", ['VALUE 6:27']],
    ['a runbook that is nowhere', '- { id: a, runbook: other }', ['UNKNOWN_RUNBOOK 6:21']],
    ['the path of a runbook', '- { id: a, runbook: ../other.yaml }', ['ID 6:21']],
    [
      'a rollback by a read',
      '- { id: a, uses: vro.failover, with: { plan: ERP }, rollback: { uses: vro.plan, with: { plan: ERP } } }',
      ['VALUE 6:71'],
    ],
    [
      'a code that no failure has',
      '- { id: a, uses: vro.plan, with: { plan: ERP }, retry: { attempts: 2, on: [oops] } }',
      ['VALUE 6:76'],
    ],
  ])('%s', (_name, steps, codes) => {
    expect(errorsOf(withSteps(steps))).toEqual(codes);
  });
});

it('a rollback may speak of the step that it takes back', () => {
  const { steps } = compiled(
    withSteps(
      '- { id: a, uses: vro.failover, with: { plan: ERP }, rollback: { uses: vro.undo, with: { plan: "${{ steps.a.output.plan.id }}" } } }',
    ),
  );
  expect(steps[0]).toMatchObject({ rollback: { path: 'a/rollback', uses: 'vro.undo' } });
});

it('a manual step has two answers and asks operators when it says nothing', () => {
  const { steps } = compiled(withSteps('- { id: a, manual: {} }'));
  expect(steps[0]).toMatchObject({
    by: ['operator'],
    answers: { done: 'succeeded', failed: 'failed' },
    onTimeout: 'hold',
  });
});
