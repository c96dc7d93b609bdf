import { describe, expect, it } from 'vitest';
import { HashSlots } from '../../src/identity/hash-slots.ts';

/** Work that ends when the test says so. */
function heldWork() {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await held;
    running -= 1;
  };
  return { work, release, most: () => most };
}

describe('a flood of sign-ins', () => {
  it('is worked off two at a time', async () => {
    const slots = new HashSlots();
    const { work, release, most } = heldWork();
    const all = Array.from({ length: 20 }, () => slots.run(work));
    release();
    await Promise.all(all);
    expect(most()).toBe(2);
  });

  it('waits in a bounded queue; the rest is told to come back', async () => {
    const slots = new HashSlots();
    const { work, release } = heldWork();
    const all = Array.from({ length: 80 }, () => slots.run(work));
    release();
    const refused = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(80 - 2 - 64);
    expect(refused[0]).toMatchObject({ reason: { code: 'identity.busy', retryAfterMs: 3_000 } });
  });

  it('leaves all slots free, also when the work fails', async () => {
    const slots = new HashSlots();
    const fail = () => slots.run(() => Promise.reject(new Error('No memory.')));
    await Promise.allSettled(Array.from({ length: 10 }, fail));
    expect(await slots.run(async () => 'done')).toBe('done');
  });
});
