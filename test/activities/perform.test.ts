import { describe, expect, test } from 'vitest';
import type { Observed } from '../../activities/effects/driver.ts';
import { performCommand, SEND_WINDOW_MS } from '../../activities/effects/perform.ts';
import { StepError } from '../../activities/index.ts';
import type { Deps } from '../../activities/deps.ts';
import { StoreError } from '../../src/store/index.ts';
import { VeeamError } from '../../src/veeam/index.ts';
import { commandInput, makeConduct, makeDeps, makeDriver, observed, PLAN } from './support.ts';

const KEY = { run: 'first-1', path: 'failover', attempt: 1 };
const SITE = { connection: 'dr-site', call: 'POST /Plans/{planId}/Failover', changes: true };
const lost = (): VeeamError => new VeeamError('veeam.connectionLost', SITE, { effect: 'unclear' });

/** Answers the observations in turn, the last one for ever. */
function inTurn(...views: readonly Observed[]): () => Promise<Observed> {
  let turn = 0;
  return async () => views[Math.min(turn++, views.length - 1)] ?? observed();
}

describe('a command that is sent', () => {
  test('is answered with its output and its baseline', async () => {
    const driver = makeDriver();
    const done = await performCommand(await makeDeps(), commandInput(), driver, makeConduct());
    expect(done).toEqual({
      action: 'vro.failover',
      how: 'done',
      target: PLAN,
      baseline: { position: 'default' },
      output: { accepted: true },
    });
    expect(driver.sent).toBe(1);
  });

  test('has its intent on disk before the first byte', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({
      send: async () => {
        expect(await deps.stores.intents.latest(KEY)).toMatchObject({ target: PLAN, sending: true });
        return {};
      },
    });
    await performCommand(deps, commandInput(), driver, makeConduct());
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ epoch: 1, result: { how: 'done' } });
  });

  test('is certainly not done when the server refuses it', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({
      send: async () => {
        throw new VeeamError('veeam.forbidden', SITE, { status: 403 });
      },
    });
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'veeam.forbidden',
    });
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'notDone' } });
  });
});

describe('a command that was sent while the store goes away', () => {
  const away = (): never => {
    throw new StoreError('store.unavailable', 'database');
  };
  const depsWithout = async (): Promise<Deps> => {
    const deps = await makeDeps();
    return { ...deps, stores: { ...deps.stores, intents: { ...deps.stores.intents, finish: away } } };
  };

  test('is to be looked for again, and by nobody to be taken for one that failed', async () => {
    const driver = makeDriver({ look: async () => ({ saw: 'happened' }) });
    const failed = performCommand(await depsWithout(), commandInput(), driver, makeConduct());
    await expect(failed).rejects.toMatchObject({ code: 'effect.unrecorded', passing: true });
    expect(driver.sent).toBe(1);
  });

  test('so is one whose effect cannot even be looked at', async () => {
    const driver = makeDriver({ look: away });
    const failed = performCommand(await depsWithout(), commandInput(), driver, makeConduct());
    await expect(failed).rejects.toMatchObject({ code: 'effect.unrecorded', passing: true });
  });
});

describe('a command that need not or may not be sent', () => {
  test('is satisfied when its goal holds already', async () => {
    const satisfied = { note: 'nothing to do', output: { mode: 'Enabled' } };
    const driver = makeDriver({ observe: async () => observed({ satisfied }) });
    const done = await performCommand(await makeDeps(), commandInput(), driver, makeConduct());
    expect(done).toMatchObject({ how: 'satisfied', note: 'nothing to do', output: { mode: 'Enabled' } });
    expect(driver.sent).toBe(0);
  });

  test('leaves no intent behind when its state forbids it', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({
      observe: async () => observed({ illegal: new StepError('vro.illegalState') }),
    });
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'vro.illegalState',
    });
    expect(await deps.stores.intents.latest(KEY)).toBeUndefined();
  });

  test('in cleanup leaves alone what the run has not touched', async () => {
    const input = commandInput({ action: 'vro.undo', phase: 'cleanup', path: 'cleanup/undo' });
    const driver = makeDriver();
    const done = await performCommand(await makeDeps(), input, driver, makeConduct());
    expect(done).toMatchObject({ how: 'satisfied', note: expect.stringContaining('not touched') as string });
    expect(driver.sent).toBe(0);
  });

  test('in cleanup is sent to what the run has touched', async () => {
    const deps = await makeDeps();
    await performCommand(deps, commandInput(), makeDriver(), makeConduct());
    const input = commandInput({ action: 'vro.undo', phase: 'cleanup', path: 'cleanup/undo' });
    const driver = makeDriver();
    expect(await performCommand(deps, input, driver, makeConduct())).toMatchObject({ how: 'done' });
    expect(driver.sent).toBe(1);
  });
});

describe('the fence', () => {
  test('stops an attempt that a newer one has overtaken', async () => {
    const deps = await makeDeps();
    const input = commandInput();
    let looks = 0;
    const driver = makeDriver({
      observe: async () => {
        looks += 1;
        // The other attempt comes while this one is at its fence.
        if (looks === 2) await performCommand(deps, { ...input, attempt: 2 }, makeDriver(), makeConduct());
        return observed();
      },
    });
    const overtaken = performCommand(deps, input, driver, makeConduct());
    await expect(overtaken).rejects.toMatchObject({ code: 'fence.superseded' });
    expect(driver.sent).toBe(0);
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ epoch: 1, result: { how: 'notDone' } });
  });

  test('stops when the target is in another state than before', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({ observe: inTurn(observed(), observed({ stateClass: 'active' })) });
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'fence.targetChanged',
    });
    expect(driver.sent).toBe(0);
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({
      sending: false,
      result: { how: 'notDone' },
    });
  });

  test.each(['wall', 'monotonic'] as const)(
    'stops when the time to send is over by the %s clock',
    async (hand) => {
      const deps = await makeDeps();
      let looks = 0;
      const driver = makeDriver({
        observe: async () => {
          looks += 1;
          if (looks === 2) deps.clock[hand] += SEND_WINDOW_MS + 1;
          return observed();
        },
      });
      await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
        code: 'effect.notSent',
      });
      expect(driver.sent).toBe(0);
    },
  );

  test('stops a command that was cancelled meanwhile', async () => {
    const conduct = makeConduct((says) => {
      if (says.startsWith('sending')) conduct.abort();
    });
    const driver = makeDriver();
    await expect(performCommand(await makeDeps(), commandInput(), driver, conduct)).rejects.toMatchObject({
      code: 'effect.notSent',
    });
    expect(driver.sent).toBe(0);
  });

  test('that stops a second sending after a refused access token leaves nothing unclear', async () => {
    const deps = await makeDeps();
    const base = makeDriver({ observe: inTurn(observed(), observed(), observed({ stateClass: 'active' })) });
    const driver = {
      ...base,
      async send(_at: Observed, beforeSend: () => Promise<void>) {
        await beforeSend();
        // The server answered 401, so the client asks the fence again and repeats the request.
        await beforeSend();
        return {};
      },
    };
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'fence.targetChanged',
    });
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'notDone' } });
  });
});

describe('an unclear answer', () => {
  test('is adopted when the effect is there', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({
      send: async () => {
        throw lost();
      },
      look: async () => ({ saw: 'happened', output: { found: true } }),
    });
    const done = await performCommand(deps, commandInput(), driver, makeConduct());
    expect(done).toMatchObject({
      how: 'adopted',
      output: { found: true },
      baseline: { position: 'default' },
    });
    expect(await deps.stores.intents.latest(KEY)).toMatchObject({ result: { how: 'adopted' } });
  });

  test('is adopted when the effect shows late', async () => {
    const deps = await makeDeps();
    let looks = 0;
    const driver = makeDriver({
      send: async () => {
        throw lost();
      },
      look: async () => {
        deps.clock.advance(400);
        looks += 1;
        return looks < 2 ? { saw: 'nothing' } : { saw: 'happened' };
      },
    });
    expect(await performCommand(deps, commandInput(), driver, makeConduct())).toMatchObject({
      how: 'adopted',
    });
    expect(driver.sent).toBe(1);
  });

  test.each([
    ['nothing', { saw: 'nothing' }, 'no trace of it'],
    ['something strange', { saw: 'strange', what: 'a restore' }, 'a restore'],
  ] as const)('is a question for people when %s is seen', async (_name, sighting, seen) => {
    const deps = await makeDeps();
    const driver = makeDriver({
      send: async () => {
        throw lost();
      },
      look: async () => {
        deps.clock.advance(400);
        return sighting;
      },
    });
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { action: 'vro.failover', target: PLAN, baseline: { position: 'default' }, seen },
    });
    expect(driver.sent).toBe(1);
  });

  test('is a question for people when nobody can look', async () => {
    const deps = await makeDeps();
    const driver = makeDriver({
      send: async () => {
        throw lost();
      },
      look: async () => {
        deps.clock.advance(400);
        throw new VeeamError('veeam.unreachable', { ...SITE, call: 'GET /Plans/{planId}', changes: false });
      },
    });
    await expect(performCommand(deps, commandInput(), driver, makeConduct())).rejects.toMatchObject({
      code: 'effect.unclear',
      message: expect.stringContaining('Looking failed') as string,
    });
  });
});
