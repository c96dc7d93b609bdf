import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { compiled, errorsOf, withSteps } from './support.ts';

const FAILOVER = 'id: a, uses: vro.failover, with: { plan: ERP }';

describe('what a step accepts', () => {
  it('is compiled; warnings are accepted unless it says otherwise', () => {
    const [step] = compiled(withSteps(`- { ${FAILOVER}, accept: { if: 'size(output.failed) < 2' } }`)).steps;
    expect(step).toMatchObject({ accept: { warnings: true, if: 'size(output.failed) < 2' } });
  });

  it.each([
    ['nothing', `- { ${FAILOVER}, accept: {} }`, ['REQUIRED 6:53']],
    ['a text', `- { ${FAILOVER}, accept: { warnings: yes } }`, ['TYPE 6:73']],
    [
      'what the output has not',
      `- { ${FAILOVER}, accept: { if: output.faild == 1 } }`,
      ['UNKNOWN_REFERENCE 6:67'],
    ],
    [
      'of a command that is not watched',
      '- { id: a, uses: vro.enable, with: { plan: x }, accept: { warnings: true } }',
      ['MISPLACED 6:49'],
    ],
    [
      'of a step that uses no action',
      '- { id: a, wait: 1s, accept: { warnings: true } }',
      ['MISPLACED 6:22'],
    ],
  ])('is not %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual(expected);
  });
});

describe('a notification', () => {
  const TELL = 'id: a, uses: notify.webhook, with: { channel: ops, text: hi }';

  it('may say for how long it is tried', () => {
    expect(compiled(withSteps(`- { ${TELL}, timeout: 10s }`)).steps[0]).toMatchObject({
      action: { effect: 'notify', impact: 'none' },
      timeoutMs: 10_000,
    });
  });

  it.each([
    ['tried again', 'retry: { attempts: 2 }'],
    ['repeated', 'until: { within: 1m }'],
    ['accepted', 'accept: { warnings: true }'],
    ['taken back', 'rollback: { uses: vro.undo, with: { plan: ERP } }'],
    ['watched', 'settle: false'],
    ['sent to a server of Veeam', 'connection: dr-site'],
  ])('is not %s by the runbook', (_what, modifier) => {
    expect(errorsOf(withSteps(`- { ${TELL}, ${modifier} }`))).toEqual(['MISPLACED 6:68']);
  });

  it('is nothing that an approval could cover', () => {
    const approval = '- { id: go, approval: { title: Go?, covers: [a], rules: [{ role: r, count: 1 }] } }';
    expect(errorsOf(withSteps(`${approval}\n- { ${TELL} }`))).toEqual(['COVER_KIND 6:46']);
  });
});

describe('a window', () => {
  const NIGHT = 'from: "22:00", to: "04:00", timezone: Europe/Berlin';
  const windowed = (window: string): string => withSteps(`- { id: a, wait: 1s, window: { ${window} } }`);

  it('is compiled, for every day and with nothing needed unless it says otherwise', () => {
    expect(compiled(windowed(NIGHT)).steps[0]?.window).toEqual({
      from: '22:00',
      to: '04:00',
      timezone: 'Europe/Berlin',
      needsMs: 0,
      missed: 'wait',
    });
    expect(
      compiled(windowed(`${NIGHT}, days: [sun, sat], needs: 2h, missed: hold`)).steps[0]?.window,
    ).toMatchObject({
      days: ['sat', 'sun'],
      needsMs: 7_200_000,
      missed: 'hold',
    });
  });

  it.each([
    ['nothing', '', ['REQUIRED 6:30', 'REQUIRED 6:30', 'REQUIRED 6:30']],
    ['a time that no clock shows', NIGHT.replace('04:00', '24:00'), ['VALUE 6:51']],
    ['a time without minutes', NIGHT.replace('04:00', '4'), ['VALUE 6:51']],
    ['a time zone that does not exist', NIGHT.replace('Berlin', 'Berlon'), ['VALUE 6:70']],
    ['an offset', NIGHT.replace('Europe/Berlin', '"+01:00"'), ['VALUE 6:70']],
    ['a moment', NIGHT.replace('04:00', '22:00'), ['VALUE 6:51']],
    ['a day that is none', `${NIGHT}, days: [saturday]`, ['VALUE 6:92']],
    ['no day', `${NIGHT}, days: []`, ['REQUIRED 6:91']],
    ['too short', `${NIGHT}, needs: 7h`, ['VALUE 6:92']],
    ['what it does not know', `${NIGHT}, missed: skip`, ['VALUE 6:93']],
  ])('is not %s', (_, window, expected) => {
    expect(errorsOf(windowed(window))).toEqual(expected);
  });
});

describe('a timeout', () => {
  const hintOf = (step: string): (string | undefined)[] =>
    compileRunbook({ text: withSteps(step), file: 'test.yaml' })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code, hint }) => (code === 'MISPLACED' ? hint : code));

  it.each([
    ['a block', "steps: [{ id: b, check: 'true' }]"],
    ['branches', "parallel: [{ id: b, check: 'true' }]"],
    ['a loop', "forEach: { items: '${{ [1] }}', as: n, key: '${{ n }}' }, steps: [{ id: b, check: 'true' }]"],
  ])('is refused on %s, and belongs to the steps in it', (_, kind) => {
    expect(hintOf(`- { id: a, timeout: 1h, ${kind} }`)).toEqual([
      'Give one to each step in it: what was sent in it needs a decision of its own.',
    ]);
  });

  it.each([
    ['wait: 1s', 'It waits as long as it says; delete the line.'],
    ["check: 'true'", 'It is done at once; delete the line.'],
    ['manual: { title: Fine? }', 'Put it inside `manual`; its end never means yes.'],
    ['approval: { rules: [{ role: boss, count: 1 }] }', 'Put it inside `approval`; its end never means yes.'],
  ])('is refused beside %s, with what to do instead', (kind, hint) => {
    expect(hintOf(`- { id: a, timeout: 1h, ${kind} }`)).toEqual([hint]);
  });
});
