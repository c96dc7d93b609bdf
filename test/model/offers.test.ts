import { describe, expect, test } from 'vitest';
import type { StepFailure } from '../../src/model/failure.ts';
import { needsComment, offersAfter, type FailedStep, type Offer } from '../../src/model/offers.ts';
import { CONTINUE_OPTIONS, DECISIONS } from '../../src/model/vote.ts';

const BY_HAND = ['done', 'skip', 'abort'];

function offered(
  failure: Pick<StepFailure, 'code' | 'details'>,
  step: Partial<FailedStep> = {},
): readonly Offer[] {
  return offersAfter({ message: 'it failed', ...failure }, { isCommand: true, ...step });
}

function possible(offers: readonly Offer[]): string[] {
  return offers.flatMap(({ decision, option, unavailable }) =>
    unavailable === undefined ? [option ?? decision] : [],
  );
}

describe('after a failure, people are offered', () => {
  test('every way of VRO to go on with a halted plan', () => {
    expect(possible(offered({ code: 'vro.planHalted' }))).toEqual([...CONTINUE_OPTIONS, ...BY_HAND]);
  });

  test('no retry of a plan that has ended, and the reason', () => {
    const offers = offered({ code: 'vro.planFailed', details: { stateName: 'Failover' } });
    expect(possible(offers)).toEqual(BY_HAND);
    expect(offers.find(({ decision }) => decision === 'retry')?.unavailable).toContain(
      'The plan has ended (Failover)',
    );
  });

  test('a retry of a plan that has ended where it may start again', () => {
    const offers = offered({ code: 'vro.planFailed', details: { stateName: 'Verified', retryLegal: true } });
    expect(possible(offers)).toEqual(['retry', ...BY_HAND]);
  });

  test('to wait or to halt when the time of a command is over', () => {
    expect(possible(offered({ code: 'step.timeout' }))).toEqual(['keepWaiting', 'halt', ...BY_HAND]);
  });

  test('a retry when the time of a read is over', () => {
    expect(possible(offered({ code: 'step.timeout' }, { isCommand: false }))).toEqual(['retry', ...BY_HAND]);
  });

  test('no halt when the command is none of a plan', () => {
    expect(possible(offered({ code: 'step.timeout' }, { isOfPlan: false }))).toEqual([
      'keepWaiting',
      ...BY_HAND,
    ]);
  });

  test.each(['veeam.unauthorized', 'veeam.tls', 'veeam.circuitOpen', 'veeam.contract'] as const)(
    'to go on watching before all else when %s came after the command',
    (code) => {
      expect(possible(offered({ code }, { isSent: true }))).toEqual(['keepWaiting', 'retry', ...BY_HAND]);
    },
  );

  test('a plain retry when the server failed before the command', () => {
    expect(possible(offered({ code: 'veeam.unauthorized' }))).toEqual(['retry', ...BY_HAND]);
  });

  test('a retry that says that it sends the command again', () => {
    const retry = offered({ code: 'veeam.tls' }, { isSent: true }).find(
      ({ decision }) => decision === 'retry',
    );
    expect(retry?.says).toContain('sent again');
  });

  test('nothing to wait for when the sessions of the command have ended', () => {
    expect(possible(offered({ code: 'vbr.sessionsFailed' }, { isSent: true }))).toEqual([
      'retry',
      ...BY_HAND,
    ]);
  });

  test('to say whether an unclear command took effect', () => {
    expect(possible(offered({ code: 'effect.unclear' }))).toEqual(['adopt', 'retry', ...BY_HAND]);
  });

  test('no second command when what people decided is unclear', () => {
    expect(possible(offered({ code: 'effect.unclear' }, { isSent: true }))).toEqual([
      'adopt',
      'keepWaiting',
      ...BY_HAND,
    ]);
  });

  test('a retry of anything else', () => {
    expect(possible(offered({ code: 'check.failed' }, { isCommand: false }))).toEqual(['retry', ...BY_HAND]);
  });
});

test('what changes or leaves out what the runbook says needs a reason', () => {
  expect(DECISIONS.filter(needsComment)).toEqual(['reject', 'runNow', 'done', 'skip', 'rollback', 'abort']);
});
