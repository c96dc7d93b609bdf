import { describe, expect, test } from 'vitest';
import {
  at,
  CHECKPOINT,
  decided,
  done,
  gate,
  keptGate,
  MINUTE,
  report,
  RUN_ID,
  steps,
  timeline,
  view,
  vote,
} from './sample.ts';

describe('the verdict', () => {
  test('comes first, in one sentence, and then what it rests on', () => {
    expect(report().verdict).toEqual({
      state: 'warned',
      tone: 'warn',
      says: [
        'This live run ended well, but not without warnings.',
        'It took 50 m.',
        'The recovery time objective was met: 40 m of 1 h.',
        'The recovery point objective was met: 10 m of 15 m.',
        '1 step did not run.',
        '1 deviation from the runbook.',
        '2 findings are open.',
      ],
    });
  });

  test('of a run that succeeded too late is not good', () => {
    const late = timeline({ outcome: 'succeeded', declaredAt: at(-120) });
    const { tone, says } = report({ view: view({ state: 'succeeded', timeline: late }) }).verdict;
    expect([tone, says[2]]).toEqual([
      'warn',
      'The recovery time objective was MISSED: 2 h 40 m, where 1 h are promised.',
    ]);
  });

  test('of a run that goes on is preliminary, and raises no findings', () => {
    const open = { ...timeline() };
    delete (open as { endedAt?: number }).endedAt;
    const { verdict, findings } = report({ view: view({ state: 'running', timeline: open }) });
    expect([verdict.tone, findings]).toEqual(['plain', []]);
  });

  test('of a run that was terminated is bad', () => {
    expect(report({ view: view({ state: 'terminated' }) }).verdict.tone).toBe('bad');
  });
});

describe('the steps', () => {
  test('that did not run are told with the reason', () => {
    expect(report().notRun).toEqual([{ path: 'never', title: 'Step never', why: 'if: false' }]);
  });

  test('that people left out were tried, and tell who left them out', () => {
    const old = report().steps.find(({ path }) => path === 'checks/old');
    expect(old?.says).toEqual(['anna decided: skip, saying: gone with the site']);
  });

  test('whose turn never came say so', () => {
    const pending = { path: 'late', title: 'Late', kind: 'wait', state: 'pending', attempt: 0 } as const;
    const { notRun } = report({ view: view({ state: 'failed', steps: [pending] }) });
    expect(notRun[0]?.why).toBe('The run ended before its turn: failed.');
  });
});

describe('the gates', () => {
  test('tell who answered, in which role, and in which words', () => {
    expect(report().gates[0]).toMatchObject({
      path: 'go',
      closedBy: 'vote',
      rules: ['1 with role dr-manager'],
      answers: [
        {
          person: 'boris',
          roles: ['dr-manager'],
          decision: 'approve',
          comment: 'The site is without power.',
        },
      ],
    });
  });

  test('tell what people saw when they answered', () => {
    expect(report().gates[0]?.facts).toContain('The oldest newest restore point was 15 m old.');
  });

  test('never show the salt of the codes for spoken votes', () => {
    expect(JSON.stringify(report())).not.toContain('never to be shown');
  });

  test('tell answers that were taken back, or void, beside those that count', () => {
    const past = { id: 'v', person: 'carla', decision: 'approve' } as const;
    const asked = gate({
      withdrawn: [{ ...past, by: 'w', at: at(8), reason: 'wrong plan' }],
      voided: [{ at: at(9), reasons: ['The plan has other machines now.'], votes: [past] }],
    });
    const { gates } = report({
      view: view({ steps: [done('go', 5, 15, { kind: 'approval', gate: asked })] }),
    });
    expect(gates[0]?.answers.map(({ person, void: why }) => [person, why])).toEqual([
      ['carla', 'Taken back: wrong plan'],
      ['carla', 'What was asked has changed since: The plan has other machines now.'],
      ['boris', undefined],
    ]);
  });

  test('that a step has left behind come from the store, with what was decided there', () => {
    const first = keptGate({ nonce: 'nonce-1', path: 'web', kind: 'decision', asked: {}, openedAt: at(20) });
    const again = gate({
      kind: 'decision',
      nonce: 'nonce-2',
      openedAt: at(30),
      votes: [vote('anna', 31, { decision: 'skip' })],
    });
    const step = done('web', 18, 32, { gate: again, decisions: [decided('retry', 22), decided('skip', 31)] });
    const { gates } = report({ view: view({ steps: [step] }), gates: [first] });
    expect(gates.map(({ openedAt, answers }) => [openedAt, answers.map(({ decision }) => decision)])).toEqual(
      [
        [at(20), ['retry']],
        [at(30), ['skip']],
      ],
    );
  });
});

describe('the warnings from Veeam', () => {
  test('are told in their own words, with where they come from', () => {
    expect(report().warnings).toEqual([
      {
        path: 'failover',
        system: 'vro',
        where: ['Web', 'erp-web-02', 'Check VM heartbeat'],
        isCritical: false,
        says: 'The heartbeat of erp-web-02 was not seen in 300 s',
      },
    ]);
  });

  test('that are counted, not listed, are told as a number', () => {
    const output = { counts: { warnings: 3 }, failed: [], resultName: 'Warning' };
    const { warnings } = report({
      view: view({ steps: [done('failover', 0, 1, { uses: 'vro.failover', output })] }),
    });
    expect(warnings.map(({ says }) => says)).toEqual([
      '3 machines ended with warnings. The server says: Warning.',
    ]);
  });

  test('are told of alarms and of restore points that are too old, too', () => {
    const alarms = [{ object: 'esx-1', name: 'Host is down', status: 'Error', description: 'no answer' }];
    const failed = [{ vm: 'db', newest: null, ageMinutes: null }];
    const { warnings } = report({
      view: view({
        steps: [
          done('alarms', 0, 1, { uses: 'one.openAlarms', output: { alarms, counts: { warnings: 0 } } }),
          done('rpo', 1, 2, {
            uses: 'one.checkRpo',
            outcome: 'failed',
            failure: { code: 'check.failed', message: '', details: { failed } },
          }),
        ],
      }),
    });
    expect(warnings.map(({ says, isCritical }) => [says, isCritical])).toEqual([
      ['Error: no answer', true],
      ['There is no restore point.', false],
    ]);
  });

  test('that make no sense break nothing', () => {
    const output = { failed: [null, 7, { vm: 3, info: {} }], more: 'many', counts: [] } as never;
    expect(() =>
      report({ view: view({ steps: [done('x', 0, 1, { uses: 'vro.failover', output })] }) }),
    ).not.toThrow();
  });
});

describe('the deviations', () => {
  test('tell of one person who approved alone', () => {
    const deviation = {
      how: 'break-glass',
      by: 'boris',
      isStarter: true,
      reason: 'nobody else is there',
      at: at(15),
    } as const;
    const { deviations, findings } = report({
      view: view({
        steps: [done('go', 5, 15, { kind: 'approval', outcome: 'warned', gate: gate({ deviation }) })],
      }),
    });
    expect(deviations).toMatchObject([{ path: 'go', by: 'boris', reason: 'nobody else is there' }]);
    expect(findings[0]).toMatchObject({ raisedBy: 'deviation', severity: 'high' });
  });

  test('tell of votes that were spoken, and of a run that was cancelled', () => {
    const spoken = gate({ votes: [vote('boris', 15, { heardBy: ['carla', 'emil'] })] });
    const cancelled = { by: 'anna', at: at(20), reason: 'wrong site' };
    const { deviations } = report({
      view: view({ timeline: timeline({ cancelled }), steps: [done('go', 5, 15, { gate: spoken })] }),
    });
    expect(deviations.map(({ what }) => what)).toEqual([
      'The answer was spoken, heard by carla and emil.',
      'The run was cancelled.',
    ]);
  });

  test('do not tell of a retry, unless with other inputs', () => {
    const corrected = { ...decided('retry', 20), values: { port: 80 } };
    const step = done('web', 0, 30, { decisions: [decided('retry', 10), corrected] });
    const { deviations } = report({ view: view({ steps: [step] }) });
    expect(deviations.map(({ at: when }) => when)).toEqual([at(20)]);
  });
});

describe('the comparison with the previous run', () => {
  const earlier = steps().map((step) =>
    step.path === 'failover' ? { ...step, outcome: 'succeeded' as const, endedAt: at(18) } : step,
  );
  const previous = report({ view: view({ steps: earlier }) });

  test('has the figures of both', () => {
    const { comparison } = report({ previous });
    expect(comparison?.figures[1]).toEqual({ name: 'Recovery time', before: 40 * MINUTE, now: 40 * MINUTE });
  });

  test('names the steps that took clearly longer', () => {
    expect(report({ previous }).comparison?.steps).toEqual([
      { path: 'failover', beforeMs: 3 * MINUTE, nowMs: 20 * MINUTE },
    ]);
  });

  test('says what else is different', () => {
    const { changes = [] } = report({ previous }).comparison ?? {};
    expect(changes).toContain('failover ended as warned, before as succeeded.');
  });

  test('is absent where there was none', () => {
    expect(report()).not.toHaveProperty('comparison');
  });
});

test('a report is the same for the same data, and survives JSON', () => {
  expect(JSON.parse(JSON.stringify(report()))).toEqual(report());
});

test('a report names the run and the root of the ledger', () => {
  const { run, checkpoint, schema } = report();
  expect([schema, run.runId, checkpoint]).toEqual(['muster/report/v1', RUN_ID, CHECKPOINT]);
});
