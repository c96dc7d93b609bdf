import { describe, expect, test } from 'vitest';
import { resolveCommand, SEND_WINDOW_MS } from '../../activities/effects/perform.ts';
import type { Deps } from '../../activities/index.ts';
import type { Intent } from '../../src/store/index.ts';
import { commandInput, makeConduct, makeDeps, makeDriver, PLAN, type HandClock } from './support.ts';

const KEY = { run: 'first-1', path: 'failover', attempt: 1 };

/** The intent that a killed worker has left. */
async function leftBehind({ stores, clock }: Deps & { clock: HandClock }): Promise<Intent> {
  return stores.intents.begin({
    ...KEY,
    action: 'vro.failover',
    connection: 'dr-site',
    target: PLAN,
    baseline: { position: 'default' },
    requestDigest: '1'.repeat(64),
    sendBefore: clock.wall + SEND_WINDOW_MS,
  });
}

describe('of a lost worker', () => {
  test('that left no intent, it is certain that nothing was sent', async () => {
    expect(await resolveCommand(await makeDeps(), commandInput(), makeDriver(), makeConduct())).toEqual({
      how: 'notDone',
    });
  });

  test('that had not begun to send, nothing was sent once its time is over', async () => {
    const deps = await makeDeps();
    const { sendBefore } = await leftBehind(deps);
    const conduct = makeConduct(() => {
      deps.clock.advance(3_000);
    });
    expect(await resolveCommand(deps, commandInput(), makeDriver(), conduct)).toEqual({ how: 'notDone' });
    expect(deps.clock.wall).toBeGreaterThan(sendBefore);
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'notDone' } });
  });

  test('that was still alive and began to send meanwhile, the effect is looked for', async () => {
    const deps = await makeDeps();
    const intent = await leftBehind(deps);
    // The frozen worker wakes up while we wait for the end of its time.
    await deps.stores.intents.sending(intent);
    const conduct = makeConduct(() => {
      deps.clock.advance(3_000);
    });
    const driver = makeDriver({ look: async () => ({ saw: 'happened' }) });
    expect(await resolveCommand(deps, commandInput(), driver, conduct)).toMatchObject({ how: 'adopted' });
  });

  test('that had begun to send, the effect is adopted', async () => {
    const deps = await makeDeps();
    await deps.stores.intents.sending(await leftBehind(deps));
    deps.clock.advance(SEND_WINDOW_MS + 1);
    const driver = makeDriver({ look: async () => ({ saw: 'happened', output: { id: 't-1' } }) });
    expect(await resolveCommand(deps, commandInput(), driver, makeConduct())).toMatchObject({
      how: 'adopted',
      output: { id: 't-1' },
      baseline: { position: 'default' },
    });
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'adopted' } });
  });

  test('that had begun to send and left no trace, people are asked', async () => {
    const deps = await makeDeps();
    await deps.stores.intents.sending(await leftBehind(deps));
    deps.clock.advance(SEND_WINDOW_MS + 1);
    const driver = makeDriver({
      look: async () => {
        deps.clock.advance(600);
        return { saw: 'nothing' };
      },
    });
    await expect(resolveCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'effect.unclear',
    });
    expect(driver.sent).toBe(0);
  });

  test('that knew its command refused, nothing is looked for', async () => {
    const deps = await makeDeps();
    const intent = await leftBehind(deps);
    await deps.stores.intents.sending(intent);
    await deps.stores.intents.finish(intent, { how: 'notDone', at: deps.clock.wall });
    expect(await resolveCommand(deps, commandInput(), makeDriver(), makeConduct())).toEqual({
      how: 'notDone',
    });
  });

  test('that knew its command done, the effect is found again', async () => {
    const deps = await makeDeps();
    const intent = await leftBehind(deps);
    await deps.stores.intents.sending(intent);
    await deps.stores.intents.finish(intent, { how: 'done', at: deps.clock.wall });
    deps.clock.advance(SEND_WINDOW_MS + 1);
    const driver = makeDriver({ look: async () => ({ saw: 'happened' }) });
    expect(await resolveCommand(deps, commandInput(), driver, makeConduct())).toMatchObject({
      how: 'adopted',
    });
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'done' } });
  });
});
