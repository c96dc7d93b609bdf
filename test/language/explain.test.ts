import { describe, expect, it } from 'vitest';
import {
  compileRunbook,
  createLibrary,
  explainRunbook,
  type ExplainedStep,
} from '../../src/language/index.ts';
import type { Mode } from '../../src/model/runbook.ts';
import { compiled, withSteps } from './support.ts';

const APPROVED = withSteps(`
- id: go
  modes: [live]
  approval:
    title: 'Fail \${{ inputs.plan }} over?'
    covers: [failover]
    rules: [{ role: dr-manager, count: 2 }, { people: [dieter, emil], count: 1 }]
    exclude: [starter]
    timeout: 40m
    onTimeout: reject
- id: failover
  title: 'Fail \${{ inputs.plan }} over'
  uses: vro.failover
  with: { plan: '\${{ inputs.plan }}' }
  timeout: 90m
  onFailure: { drill: rollback, live: pause }
`);

function explained(text: string, mode?: Mode, inputs = {}): readonly ExplainedStep[] {
  return explainRunbook(compiled(text), { mode, inputs }).parts.flatMap(({ steps }) => steps);
}

/** All that is said of the only step. */
function said(step: string, mode?: Mode): string {
  return spoken(explained(withSteps(step), mode));
}

function spoken(steps: readonly ExplainedStep[]): string {
  return steps.map(({ says }) => says.join('\n')).join('\n');
}

describe('the explanation of a notification', () => {
  it('says that nothing waits for it', () => {
    expect(said('- { id: a, uses: notify.slack, timeout: 1m, with: { channel: chat, text: hi } }')).toContain(
      'It is tried for up to 1 minute; if nobody can be told, the run goes on with a warning.',
    );
  });
});

describe('the explanation of an approval', () => {
  const [go] = explained(APPROVED);

  it('says who has to say yes, to what, and what silence means', () => {
    expect(go?.says).toEqual([
      'Only in a live run.',
      'It waits until 2 people with the role dr-manager and 1 of dieter or emil say yes. A single no ends the run.',
      'The yes allows: Fail ‹plan› over.',
      'Whoever started the run may not answer.',
      'It waits for 40 minutes; then that counts as a no. Silence is never a yes.',
    ]);
  });

  it('says who may not answer, who else is told, and when a reason is needed', () => {
    const rules = 'rules: [{ role: cio, count: 1 }], exclude: [starter, author, previous-approver]';
    const more = 'comment: required, escalate: [{ after: 10m, to: dr-duty }, { after: 20m, to: board }]';
    const says = spoken(
      explained(`authors: [anna]\n${withSteps(`- { id: a, approval: { ${rules}, ${more} } }`)}`),
    );
    expect(says).toContain(
      'Whoever started the run, whoever wrote the runbook and whoever has approved another step of the run may not answer.',
    );
    expect(says).toContain(
      'Whoever says yes gives a reason.\nIt waits for as long as it takes.\n' +
        'While nobody answers these are told as well: after 10 minutes dr-duty and after 20 minutes board.',
    );
  });

  it('has a line to sign for each person', () => {
    expect(go?.signers).toEqual(['dr-manager', 'dr-manager', 'one of dieter or emil']);
  });
});

describe('the explanation of a command', () => {
  const [, failover] = explained(APPROVED);

  it('names production, the approval, the way back and the times', () => {
    expect(failover?.says).toEqual([
      'Fails a replica, CDP or storage plan over and watches it until it is stable.',
      'It uses vro.failover on dr-site, with plan: ‹plan›; restorePoint: latest.',
      'PRODUCTION: it changes a production system.',
      'It happens only after the yes of step 1.',
      'It can be undone, but what was written meanwhile is lost then.',
      'It is watched for up to 1 hour 30 minutes.',
      'If it fails: in a drill the run takes back what it has done, and ends as failed; in a live run people decide how to go on.',
    ]);
  });

  it('fills in what is known', () => {
    expect(explained(APPROVED, 'live', { plan: 'ERP' })[1]?.title).toBe('Fail ERP over');
  });

  it('leaves out what does not happen in the mode', () => {
    expect(explained(APPROVED, 'drill').map(({ path }) => path)).toEqual(['failover']);
  });

  it('says what no approval covers', () => {
    expect(explained(APPROVED, 'drill')[0]?.says).toContain(
      'No approval covers it: in a drill only on what the configuration lists for drills.',
    );
  });

  it('says what cannot be undone', () => {
    const { warnings } = explainRunbook(
      compiled(withSteps('- { id: a, title: The end, uses: vro.commitFailback, with: { plan: ERP } }\n')),
    );
    expect(warnings).toEqual([
      'PRODUCTION is changed by step 1 (The end).',
      'What CANNOT be undone: step 1 (The end).',
    ]);
  });

  it('tells how it is done by hand, with its defaults', () => {
    expect(failover?.byHand).toBe(
      'In VRO, run the plan ‹plan› (failover, restore point: latest) and watch it to its end.',
    );
  });
});

describe('the explanation of other steps', () => {
  it('tells a part of an input by the name of both', () => {
    const [step] = explained(`apiVersion: muster/v1
name: test
inputs: { database: { type: object, of: { host: string, port: integer } } }
steps:
  - { id: a, uses: tcp.check, with: { host: '\${{ inputs.database.host }}', port: '\${{ inputs.database.port }}' } }
`);
    expect(step?.says).toContain(
      'It uses tcp.check, with host: ‹host of database›; port: ‹port of database›.',
    );
  });

  it.each([
    ['- { id: a, wait: 90s }', 'It waits for 1 minute 30 seconds.'],
    ["- { id: a, wait: { until: '22:00', timezone: UTC } }", 'It waits until it is 22:00 (UTC).'],
    ['- { id: a, check: inputs.count > 3 }', 'It fails unless this holds: ‹count› > 3'],
    ['- { id: a, if: inputs.count > 3, wait: 1s }', 'Only if this holds: ‹count› > 3'],
    [
      '- { id: a, uses: vro.plan, with: { plan: ERP }, until: { within: 10m, every: 5s } }',
      'It is repeated every 5 seconds until it succeeds, for up to 10 minutes.',
    ],
    [
      "- { id: a, wait: 1s, window: { from: '22:00', to: '04:00', timezone: UTC, days: [fri], needs: 2h, missed: hold } }",
      'It begins only between 22:00 and 04:00 on Fridays (UTC), and only while 2 hours are left; when that is over, people are asked.',
    ],
    [
      '- { id: a, manual: { title: Look, by: [app-owner], fields: { orders: integer } } }',
      'It waits until somebody with the role app-owner answers: done (go on), failed (the step fails).',
    ],
    [
      '- { id: a, parallel: [{ id: b, wait: 1s }] }',
      'These steps side by side; it ends when all have ended:',
    ],
  ])('%s', (step, sentence) => {
    expect(said(`${step}\n`)).toContain(sentence);
  });

  it('steps in steps are numbered below them', () => {
    const [block] = explained(withSteps('- { id: a, steps: [{ id: b, wait: 1s }, { id: c, wait: 1s }] }\n'));
    expect(block?.children.map(({ number }) => number)).toEqual(['1.1', '1.2']);
  });

  it('a runbook in the runbook is explained below its step', () => {
    const child = 'apiVersion: muster/v1\nname: inner\nsteps: [{ id: x, title: Inside, wait: 1s }]\n';
    const library = createLibrary({ inner: child }, () => 'digest');
    const { runbook } = compileRunbook({
      text: withSteps('- { id: a, runbook: inner }\n'),
      file: 'a.yaml',
      library,
    });
    const [step] = runbook === undefined ? [] : (explainRunbook(runbook, { library }).parts[0]?.steps ?? []);
    expect(step?.children.map(({ number, title }) => `${number} ${title}`)).toEqual(['1.1 Inside']);
  });

  it('cleanup is told for drills only', () => {
    const text = `${withSteps('- { id: a, wait: 1s }\n')}cleanup: [{ id: b, wait: 1s }]\n`;
    expect(explained(text, 'drill').map(({ number }) => number)).toEqual(['1', 'C1']);
    expect(explained(text, 'live').map(({ number }) => number)).toEqual(['1']);
  });
});

describe('the explanation of failures', () => {
  it('says who decides, and what takes more than that', () => {
    const lines = `- { id: a, wait: 1s }\ndecisions: { default: { role: owner, count: 1 }, skip: { role: operator, count: 2 } }`;
    expect(explainRunbook(compiled(withSteps(lines))).failure).toBe(
      'When a step fails, the run waits and asks 1 person with the role owner: try again, say that it was done by hand, ' +
        'leave it out, or end the run. But skip takes 2 people with the role operator. ' +
        'Nothing that was sent is ever sent again by itself.',
    );
  });
});
