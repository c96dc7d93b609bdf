import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../../src/store/index.ts';

/** Longer than this, the run waits for the store where people can see that. */
const ANSWER_LIMIT_MS = 5_000;

/**
 * What the store answers, if it does in time. Only for what may be done later all the same: it is not taken back.
 *
 * @throws StoreError `store.unavailable` after five seconds
 */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = pause(ANSWER_LIMIT_MS, undefined, { signal: over.signal, ref: false }).then(() => {
    const detail = `It did not answer within ${ANSWER_LIMIT_MS / 1_000} s.`;
    throw new StoreError('store.unavailable', 'database', { detail });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}
