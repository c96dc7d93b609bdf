import { describe, expect, it } from 'vitest';
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
