import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { deviationLines } from '../../src/cli/render/deviations.ts';
import { gateLines } from '../../src/cli/render/gate.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { gate, RUN_ID, START, step, waitingStep } from './sample-run.ts';

const SPOKEN = ['spoken', RUN_ID, 'go', '--approver', 'boris', '--code', '7K2M-Q0ZX', '--as', 'anna'];

test('a spoken vote says who said what, and that a second witness is missing', async () => {
  const muster = fakeMuster();
  const { code, stdout } = await runMuster([...SPOKEN, '--reject', '--comment', 'not now'], { muster });
  expect(muster.calls).toContainEqual([
    'spoken',
    {
      runId: RUN_ID,
      gate: 'go',
      approver: 'boris',
      code: '7K2M-Q0ZX',
      decision: 'reject',
      comment: 'not now',
      person: 'anna',
    },
  ]);
  expect([code, stdout.includes('It does not count yet.')]).toEqual([0, true]);
});

test('a spoken vote that counts names its witnesses, and shows no code', async () => {
  const verdict = { id: 'vote-1', counted: true } as const;
  const muster = fakeMuster({
    spoken: async () => ({ state: 'counted', heardBy: ['anna', 'emil'], verdict }),
  });
  const { stdout } = await runMuster([...SPOKEN, '--approve'], { muster });
  expect(stdout.trim()).toBe('Counted: boris says approve at go, spoken, heard by anna and emil.');
});

test.each([['--approver'], ['--code']])('a spoken vote without %s is bad input', async (flag) => {
  const args = [...SPOKEN, '--approve'].filter(
    (_, index, all) => all[index] !== flag && all[index - 1] !== flag,
  );
  expect((await runMuster(args, { muster: fakeMuster() })).code).toBe(2);
});

test('a break-glass approval says why', async () => {
  const muster = fakeMuster();
  const args = ['break-glass', RUN_ID, 'go', '--reason', 'nobody answers', '--as', 'anna'];
  const { stdout } = await runMuster(args, { muster });
  expect(muster.calls).toContainEqual([
    'breakGlass',
    { runId: RUN_ID, gate: 'go', reason: 'nobody answers', person: 'anna' },
  ]);
  expect(stdout).toContain('DEVIATION');
});

test('a break-glass approval without a reason is bad input', async () => {
  const muster = fakeMuster();
  expect((await runMuster(['break-glass', RUN_ID, 'go', '--as', 'anna'], { muster })).code).toBe(2);
  expect(muster.calls.filter(([call]) => call === 'breakGlass')).toEqual([]);
});

test('a deviation stands in the picture of a run', () => {
  const deviation = { how: 'break-glass', by: 'anna', reason: 'nobody answers', at: START } as const;
  expect(deviationLines([step('go', { deviation }), step('other')]).map(stripVTControlCharacters)).toEqual([
    'DEVIATION at go. BREAK-GLASS: approved by anna alone, not by the rules of this approval: nobody answers',
  ]);
});

test('a spoken vote is named as one at its gate', () => {
  const vote = {
    id: 'vote-1',
    run: 'first-1',
    gate: 'go',
    nonce: 'nonce-1',
    digest: 'digest-1',
    decision: 'approve',
    person: 'boris',
    roles: [],
    assurance: 'spoken',
    heardBy: ['anna', 'emil'],
    iat: 0,
    exp: 1,
    jws: 'jws',
  } as const;
  const opened = gate({ votes: [vote] });
  const lines = gateLines(
    { step: waitingStep(), gate: opened },
    { now: START, program: 'muster', runId: RUN_ID },
  );
  expect(lines.map(stripVTControlCharacters).join('\n')).toContain(
    'Has answered: boris (spoken, heard by anna and emil) (approve).',
  );
});
