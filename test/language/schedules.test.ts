import { describe, expect, it } from 'vitest';
import { canonicalText, compileRunbook, explainRunbook, runbookSchema } from '../../src/language/index.ts';
import { brief } from './support.ts';

const HEAD = `apiVersion: muster/v1
name: test
connections: { vro: dr-site }
inputs: { plan: { type: vroPlan }, hosts: { type: integer, default: 3 }, note: { type: string, default: '', pattern: 'CHG\\d*|' } }
steps: [{ id: look, uses: vro.plan, with: { plan: '\${{ inputs.plan }} \${{ inputs.hosts }} \${{ inputs.note }}' } }]
`;
const QUARTERLY =
  '{ name: quarterly, cron: "0 6 15 2,5,8,11 *", timezone: Europe/Berlin, inputs: { plan: ERP-CANARY } }';

const compiledWith = (schedules: string) =>
  compileRunbook({ text: `${HEAD}schedules:\n  - ${schedules}\n`, file: 'test.yaml' });
/** What is wrong with the schedule `s` of these fields. */
const problemsOf = (fields: string): string[] => brief(compiledWith(`{ name: s, ${fields} }`).diagnostics);
const problemsOfCron = (cron: string): string[] =>
  problemsOf(`cron: "${cron}", timezone: UTC, inputs: { plan: x }`);

describe('the schedules of a runbook', () => {
  it('are compiled beside it, as drills unless they say otherwise', () => {
    expect(compiledWith(QUARTERLY).schedules).toEqual([
      {
        name: 'quarterly',
        cron: '0 6 15 2,5,8,11 *',
        timezone: 'Europe/Berlin',
        mode: 'drill',
        inputs: { plan: 'ERP-CANARY' },
      },
    ]);
  });

  it('are no part of its digest', () => {
    const [without, other] = [compileRunbook({ text: HEAD, file: 'test.yaml' }), compiledWith(QUARTERLY)].map(
      ({ runbook }) => runbook && canonicalText(runbook),
    );
    expect(other).toBe(without);
    expect(other).not.toContain('quarterly');
  });

  it('have names of their own', () => {
    const { diagnostics } = compiledWith(`${QUARTERLY}\n  - ${QUARTERLY}`);
    expect(brief(diagnostics)).toEqual(['DUPLICATE_ID 8:7']);
  });

  it('are told of', () => {
    const { runbook, schedules } = compiledWith(QUARTERLY);
    expect(runbook && explainRunbook(runbook, { schedules }).schedules).toEqual([
      'quarterly: a drill at 0 6 15 2,5,8,11 * by the clocks of Europe/Berlin, with plan: ERP-CANARY',
    ]);
  });

  it('are known to editors', () => {
    expect(JSON.stringify(runbookSchema()['properties'])).toContain('"cron"');
  });
});

describe('a cron', () => {
  it.each([
    '0 6 15 2,5,8,11 *',
    '*/15 * * * *',
    '0 0-6/2 * * MON-FRI',
    '30 5 1,15 JAN,JUL *',
    '0 6 * * 7',
    '0 12 29 2 *',
  ])('may be %s', (cron) => {
    expect(problemsOfCron(cron)).toEqual([]);
  });

  it.each([
    ['of six fields', '0 0 6 * * *'],
    ['of four fields', '0 6 * *'],
    ['with two spaces', '0  6 * * *'],
    ['by a nickname', '@daily'],
    ['of every so often', '@every 5m'],
    ['with a zone of its own', 'CRON_TZ=UTC 0 6 * * *'],
    ['with the last day', '0 6 L * *'],
    ['with a working day', '0 6 15W * *'],
    ['with the second Friday', '0 6 * * FRI#2'],
    ['with a question mark', '0 6 ? * *'],
    ['with a step from a number', '5/15 * * * *'],
    ['with a step of nothing', '*/0 * * * *'],
    ['with too large a step', '*/70 * * * *'],
    ['backwards', '0 6 * * FRI-MON'],
    ['at the 60th minute', '60 6 * * *'],
    ['at the 24th hour', '0 24 * * *'],
    ['on the zeroth', '0 6 0 * *'],
    ['in the 13th month', '0 6 1 13 *'],
    ['on a day and a day of the week', '0 6 13 * FRI'],
    ['that never comes', '0 6 30 2 *'],
    ['in words', 'every day at six and so on'],
  ])('is not written %s', (_what, cron) => {
    expect(problemsOfCron(cron)).toEqual([expect.stringMatching(/^VALUE 7:/)]);
  });
});

describe('what is wrong with a schedule', () => {
  const AT = 'cron: "0 6 * * *", timezone: UTC';

  it.each([
    ['no cron', 'timezone: UTC, inputs: { plan: x }', ['REQUIRED 7:7']],
    ['no time zone', 'cron: "0 6 * * *", inputs: { plan: x }', ['REQUIRED 7:7']],
    ['an offset', 'cron: "0 6 * * *", timezone: "+01:00", inputs: { plan: x }', ['VALUE 7:45']],
    ['no place', 'cron: "0 6 * * *", timezone: Mars/Olympus, inputs: { plan: x }', ['VALUE 7:45']],
    ['another mode', `${AT}, mode: test, inputs: { plan: x }`, ['VALUE 7:56']],
    ['a mode of later', `${AT}, mode: tabletop, inputs: { plan: x }`, ['NOT_YET 7:56']],
    ['an unknown key', `${AT}, jitter: 5m, inputs: { plan: x }`, ['UNKNOWN_KEY 7:50']],
    ['a missing input', AT, ['INPUT_MISSING 7:7']],
    ['an unknown input', `${AT}, inputs: { plan: x, plann: y }`, ['INPUT_UNKNOWN 7:69']],
    ['an input of another type', `${AT}, inputs: { plan: x, hosts: "3" }`, ['INPUT_TYPE 7:76']],
    ['an input of another form', `${AT}, inputs: { plan: x, note: C }`, ['INPUT_PATTERN 7:75']],
    ['no map of inputs', `${AT}, inputs: [x]`, ['SHAPE 7:58', 'INPUT_MISSING 7:7']],
  ])('is said: %s', (_what, fields, expected) => {
    expect(problemsOf(fields).sort()).toEqual([...expected].sort());
  });

  it('is said of its name', () => {
    expect(brief(compiledWith(QUARTERLY.replace('quarterly', 'Each Quarter')).diagnostics)).toEqual([
      'ID 7:13',
    ]);
  });

  it('is said of all at once', () => {
    expect(problemsOf('cron: x, timezone: y, mode: z')).toHaveLength(3);
  });
});
