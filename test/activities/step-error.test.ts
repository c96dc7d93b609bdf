import { expect, test } from 'vitest';
import { toStepError } from '../../activities/step-error.ts';
import { StoreError, type StoreCode } from '../../src/store/index.ts';

const meant = (code: StoreCode) => {
  const { code: told, passing } = toStepError(new StoreError(code, 'database'));
  return { code: told, passing };
};

test.each(['store.unavailable', 'store.full'] as const)(
  'what %s keeps from being done is tried again, and no bug',
  (code) => {
    expect(meant(code)).toEqual({ code: 'step.storeAway', passing: true });
  },
);

test('a store that holds something else than was written is not tried again', () => {
  expect(meant('store.corrupt')).toEqual({ code: 'step.internal', passing: false });
});
