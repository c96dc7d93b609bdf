import { describe, expect, it } from 'vitest';
import { ANY_STEP, brief, start } from './support.ts';

const errors = (...given: Parameters<typeof start>): string[] => brief(start(...given).diagnostics);

describe('the inputs of a run', () => {
  const text = `apiVersion: muster/v1
name: test
inputs:
  plan: { type: vroPlan, description: the plan }
  count: { type: integer, default: 3 }
  ratio: { type: number, default: 1.5 }
  sure: { type: boolean, default: false }
  wait: { type: duration, default: 15m }
  change: { type: string, pattern: 'CHG\\d+', default: CHG1 }
${ANY_STEP}`;
  const mode = 'drill';

  it('get their types from texts, and defaults', () => {
    const inputs = { plan: 'ERP', count: '42', ratio: '-0.5', sure: 'true', change: 'CHG77' };
    expect(start(text, { mode, inputs }).inputs).toEqual({
      plan: 'ERP',
      count: 42,
      ratio: -0.5,
      sure: true,
      wait: '15m',
      change: 'CHG77',
    });
  });

  it('may have their types already', () => {
    expect(start(text, { mode, inputs: { plan: 'ERP', count: 42, sure: true } }).inputs).toMatchObject({
      count: 42,
      sure: true,
    });
  });

  it.each([
    ['a missing input', {}, 'INPUT_MISSING 4:3'],
    ['an unknown input', { plan: 'x', pln: 'y' }, 'INPUT_UNKNOWN 1:1'],
    ['an input of every object', { plan: 'x', toString: 'y' }, 'INPUT_UNKNOWN 1:1'],
    ['an empty plan', { plan: ' ' }, 'INPUT_TYPE 4:3'],
    ['a plan that is a number', { plan: 5 }, 'INPUT_TYPE 4:3'],
    ['a number with a leading zero', { plan: 'x', count: '012' }, 'INPUT_TYPE 5:3'],
    ['a fraction of a whole number', { plan: 'x', count: 1.5 }, 'INPUT_TYPE 5:3'],
    ['a number with an exponent', { plan: 'x', ratio: '1e3' }, 'INPUT_TYPE 6:3'],
    ['what is no number', { plan: 'x', ratio: NaN }, 'INPUT_TYPE 6:3'],
    ['a boolean in other words', { plan: 'x', sure: 'yes' }, 'INPUT_TYPE 7:3'],
    ['a duration without a unit', { plan: 'x', wait: '15' }, 'INPUT_TYPE 8:3'],
    ['a text beside its pattern', { plan: 'x', change: 'xCHG1' }, 'INPUT_PATTERN 9:3'],
    ['a text too long to be matched', { plan: 'x', change: `CHG${'1'.repeat(300)}` }, 'INPUT_TYPE 9:3'],
    ['a text with an escape sequence', { plan: '\u001b]0;x' }, 'INPUT_TYPE 4:3'],
    ['a list', { plan: ['x'] }, 'INPUT_TYPE 4:3'],
  ])('refuse %s', (_, inputs, expected) => {
    expect(errors(text, { mode, inputs })).toEqual([expected]);
  });

  it('match the slowest pattern that is allowed quickly', () => {
    const slow = `apiVersion: muster/v1\nname: test\ninputs: { x: { type: string, pattern: '.*.*.*y' } }\n${ANY_STEP}`;
    const began = performance.now();
    expect(errors(slow, { mode, inputs: { x: 'x'.repeat(256) } })).toEqual(['INPUT_PATTERN 3:11']);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('the mode of a run', () => {
  it('must have steps', () => {
    const text = 'apiVersion: muster/v1\nname: test\nsteps: [{ id: a, modes: [live], wait: 1s }]\n';
    expect(errors(text, { mode: 'drill' })).toEqual(['MODE_EMPTY 1:1']);
  });

  it('must have a value for each variable that is asked for', () => {
    const text =
      'apiVersion: muster/v1\nname: test\nvars: { x: { live: 1 } }\nsteps: [{ id: a, check: vars.x == 1 }]\n';
    expect(errors(text, { mode: 'drill' })).toEqual(['VAR_MISSING 3:9']);
    expect(errors(text, { mode: 'live' })).toEqual([]);
  });
});

/** The steps begin in line 5. */
const runbook = (steps: string): string =>
  `apiVersion: muster/v1\nname: test\nconnections: { vro: dr-site }\nsteps:\n${steps}\n`;
const APPROVAL = '- { id: go, approval: { covers: [fail], rules: [{ role: dr-manager, count: 1 }] } }';
const failover = (plan: string, more = ''): string =>
  `- { id: fail, uses: vro.failover, with: { plan: ${plan} }${more} }`;
const WITH_INPUT = (steps: string): string =>
  runbook(steps).replace('steps:', 'inputs: { plan: { type: vroPlan } }\nsteps:');

describe('connections', () => {
  it('must be in the configuration', () => {
    expect(
      errors(runbook('- { id: a, uses: vro.plan, connection: elsewhere, with: { plan: x } }'), {
        mode: 'drill',
      }),
    ).toEqual(['CONNECTION_UNKNOWN 5:9']);
  });

  it('must be of the right kind', () => {
    expect(
      errors(runbook('- { id: a, uses: vro.plan, connection: dr-backup, with: { plan: x } }'), {
        mode: 'drill',
      }),
    ).toEqual(['CONNECTION_KIND 5:9']);
  });

  it('do not matter in steps that do not run', () => {
    const steps =
      '- { id: w, wait: 1s }\n- { id: a, modes: [live], uses: vro.plan, connection: x, with: { plan: x } }';
    expect(errors(runbook(steps), { mode: 'drill' })).toEqual([]);
  });
});

describe('a drill', () => {
  it.each([
    ['a plan that is listed', runbook(failover('ERP-CANARY')), {}],
    ['a listed plan from an input', WITH_INPUT(failover('"${{ inputs.plan }}"')), { plan: 'ERP-CANARY' }],
    ['a plan that an approval covers', runbook(`${APPROVAL}\n${failover('ERP')}`), {}],
    [
      'the cleanup of a covered plan',
      runbook(
        `${APPROVAL}\n${failover('ERP')}\ncleanup: [{ id: undo, uses: vro.undo, with: { plan: ERP } }]`,
      ),
      {},
    ],
    [
      'a plan by its id, which may be listed by name',
      runbook(failover('6f1c2d3e-0000-4000-8000-000000000001')),
      {},
    ],
    [
      'what only the run can know',
      runbook(`- { id: p, uses: vro.plan, with: { plan: x } }\n${failover('"${{ steps.p.output.id }}"')}`),
      {},
    ],
    ['what touches nothing', runbook('- { id: a, uses: vro.readinessCheck, with: { plan: ERP } }'), {}],
  ])('may touch %s', (_, text, inputs) => {
    expect(errors(text, { mode: 'drill', inputs })).toEqual([]);
  });

  it.each([
    ['a plan that is not listed', runbook(failover('ERP')), 'DRILL_NOT_ALLOWED 5:9'],
    [
      'a listed plan on another server',
      runbook(failover('ERP-CANARY', ', connection: other')),
      'DRILL_NOT_ALLOWED 5:9',
    ],
    [
      'the cleanup of another plan',
      runbook(
        `${APPROVAL}\n${failover('ERP')}\ncleanup: [{ id: undo, uses: vro.undo, with: { plan: CRM } }]`,
      ),
      'DRILL_NOT_ALLOWED 7:17',
    ],
    [
      'a plan whose approval is for live runs',
      runbook(`${APPROVAL.replace('{ id: go,', '{ id: go, modes: [live],')}\n${failover('ERP')}`),
      'DRILL_NOT_ALLOWED 6:9',
    ],
    [
      'what cannot be undone',
      runbook(`${APPROVAL}\n${failover('ERP-CANARY').replace('vro.failover', 'vro.commitFailback')}`),
      'DRILL_IRREVERSIBLE 6:9',
    ],
  ])('may not touch %s', (_, text, expected) => {
    const connections = [
      { name: 'dr-site', kind: 'vro' as const },
      { name: 'other', kind: 'vro' as const },
    ];
    expect(errors(text, { mode: 'drill', rules: { connections } })).toEqual([expected]);
  });

  it('is held to a list of ids as well', () => {
    const [listed, other] = ['6f1c2d3e-0000-4000-8000-000000000001', '6f1c2d3e-0000-4000-8000-000000000002'];
    const rules = { drillAllow: [`dr-site/plan/${listed.toUpperCase()}`] };
    expect(errors(runbook(failover(listed)), { mode: 'drill', rules })).toEqual([]);
    expect(errors(runbook(failover(other)), { mode: 'drill', rules })).toEqual(['DRILL_NOT_ALLOWED 5:9']);
  });
});

describe('a live run', () => {
  it.each([
    ['a covered command', runbook(`${APPROVAL}\n${failover('ERP')}`), []],
    [
      'the cleanup of what is covered',
      runbook(
        `${APPROVAL}\n${failover('ERP')}\ncleanup: [{ id: undo, uses: vro.undo, with: { plan: ERP } }]`,
      ),
      [],
    ],
    ['a command that nothing covers', runbook(failover('ERP-CANARY')), ['LIVE_NOT_COVERED 5:9']],
    [
      'a command whose approval is for drills',
      runbook(`${APPROVAL.replace('{ id: go,', '{ id: go, modes: [drill],')}\n${failover('ERP')}`),
      ['LIVE_NOT_COVERED 6:9'],
    ],
    [
      'a second command on the same plan',
      runbook(`${APPROVAL}\n${failover('ERP')}\n- { id: undo, uses: vro.undo, with: { plan: ERP } }`),
      ['LIVE_NOT_COVERED 7:9'],
    ],
  ])('judges %s', (_, text, expected) => {
    expect(errors(text, { mode: 'live' })).toEqual(expected);
  });

  it('needs no approval when the configuration says so', () => {
    expect(errors(runbook(failover('ERP')), { mode: 'live', rules: { unattended: true } })).toEqual([]);
  });
});

describe('a decision that nobody can take', () => {
  const decided = (rule: string): string => runbook(`- { id: go, wait: 1s }\ndecisions: { skip: ${rule} }`);
  it.each([
    ['a role that nobody holds', '{ role: cio, count: 1 }'],
    ['people nobody knows', '{ people: [ada, eve], count: 2 }'],
  ])('is refused for %s', (_, rule) => {
    expect(errors(decided(rule), { mode: 'drill' })).toEqual(['ROLE_UNSATISFIABLE 1:1']);
  });
});

it('an escalation to nobody is refused', () => {
  const approval = '{ rules: [{ role: dr-manager, count: 1 }], escalate: [{ after: 1m, to: cio }] }';
  const text = runbook(`- { id: go, approval: ${approval} }`);
  expect(errors(text, { mode: 'drill' })).toEqual(['ROLE_UNSATISFIABLE 5:9']);
});

describe('an approval that nobody can give', () => {
  const approval = (rules: string): string => runbook(`- { id: go, approval: { rules: [${rules}] } }`);
  it.each([
    ['a role that nobody holds', '{ role: cio, count: 1 }'],
    ['more people than hold the role', '{ role: dr-manager, count: 3 }'],
    ['two rules that need the same person', '{ role: app-owner, count: 1 }, { role: app-owner, count: 1 }'],
    ['people nobody knows', '{ people: [ada, eve], count: 2 }'],
  ])('is refused for %s', (_, rules) => {
    expect(errors(approval(rules), { mode: 'drill' })).toEqual(['ROLE_UNSATISFIABLE 5:9']);
  });

  it('is fine when enough people are there', () => {
    expect(
      errors(approval('{ role: dr-manager, count: 2 }, { people: [ada, eve], count: 1 }'), { mode: 'drill' }),
    ).toEqual([]);
  });
});

describe('what inputs put into an action', () => {
  const scans = (step: string): string => `apiVersion: muster/v1
name: test
connections: { vro: dr-site }
inputs: { location: { type: string, default: '' } }
vars: { rule: { live: nobody, drill: 6f1c2d3e-0000-4000-8000-000000000001 } }
steps:
  - id: go
    approval: { covers: [restore], rules: [{ role: app-owner, count: 1 }] }
  - { id: restore, uses: vro.restore, with: { plan: FILES, ${step} }
`;
  const located = scans("location: '${{ inputs.location }}' }");
  const id = '6f1c2d3e-0000-4000-8000-000000000001';

  it('is refused before anybody approves it', () => {
    const { diagnostics } = start(located, { mode: 'live', inputs: { location: 'the cellar' } });
    expect(diagnostics).toMatchObject([
      {
        code: 'VALUE',
        line: 9,
        message: '`vro.restore` cannot be run with the `location` that it is given: Invalid UUID.',
        hint: 'It comes from inputs.location.',
      },
    ]);
  });

  it('is fine where it fits', () => {
    expect(errors(located, { mode: 'live', inputs: { location: id } })).toEqual([]);
  });

  it('is that of the mode, also from a variable', () => {
    const text = scans("yaraRule: '${{ vars.rule }}' }");
    expect([errors(text, { mode: 'live' }), errors(text, { mode: 'drill' })]).toEqual([['VALUE 9:11'], []]);
  });

  it('is left alone where the step may be meant to be left out', () => {
    const text = scans("location: '${{ inputs.location }}' }, if: inputs.location != ''");
    expect(errors(text, { mode: 'live' })).toEqual([]);
  });
});
