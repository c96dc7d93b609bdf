import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createHttpMuster } from '../../src/client/over-http.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { appForTest } from './app.ts';

const SOURCE = {
  file: 'test.yaml',
  text: runbookOf(
    'steps: [{ id: a, wait: 1s }]\nschedules: [{ name: nightly, cron: 0 3 * * *, timezone: UTC }]\n',
  ),
};
const ID = 'test/nightly';

/** A server that listens, and the operations of somebody through it. */
async function remote(person: string) {
  const opened = await appForTest();
  await opened.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = opened.app.server.address() as AddressInfo;
  const { schedules } = createHttpMuster({
    url: `http://127.0.0.1:${port}`,
    credential: await opened.login(person),
  });
  return { schedules, control: opened.control };
}

describe('schedules through the server', () => {
  it('are put in force, listed, paused, triggered and removed', async () => {
    const { schedules } = await remote('operator');
    expect(await schedules.plan(SOURCE)).toMatchObject([{ id: ID, what: 'add' }]);
    await schedules.apply(SOURCE);
    await schedules.pause({ id: ID, reason: 'holidays' });
    expect(await schedules.list()).toMatchObject([{ id: ID, paused: true }]);
    await schedules.resume({ id: ID });
    expect(await schedules.next(2)).toHaveLength(2);
    await schedules.trigger({ id: ID });
    expect(await schedules.launches({ id: ID, limit: 5 })).toEqual([]);
    await schedules.remove({ id: ID });
    expect(await schedules.list()).toEqual([]);
  });

  it('say with its code what is not there', async () => {
    const { schedules } = await remote('operator');
    await expect(schedules.remove({ id: 'test/none' })).rejects.toMatchObject({ code: 'schedule.notFound' });
  });

  it('say with diagnostics what cannot be put in force', async () => {
    const { schedules } = await remote('operator');
    const text = SOURCE.text.replace('timezone: UTC', 'timezone: UTC, mode: live');
    await expect(schedules.apply({ ...SOURCE, text })).rejects.toMatchObject({
      code: 'run.refused',
      diagnostics: [expect.objectContaining({ code: 'SCHEDULE_REFUSED' })],
    });
  });

  it('are changed by nobody who may not', async () => {
    const { schedules } = await remote('viewer');
    await expect(schedules.apply(SOURCE)).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });
});

describe('the API of schedules', () => {
  it.each([
    ['GET', '/schedules'],
    ['GET', '/schedules/next?count=3'],
    ['GET', '/schedules/launches'],
    ['POST', '/schedules/plan'],
    ['POST', '/schedules/apply'],
    ['POST', '/schedules/test/nightly/pause'],
    ['POST', '/schedules/test/nightly/resume'],
    ['POST', '/schedules/test/nightly/trigger'],
    ['POST', '/schedules/test/nightly/remove'],
  ] as const)('answers %s %s only to whoever has signed in', async (method, url) => {
    const app = await appForTest();
    const body =
      method === 'GET'
        ? undefined
        : url.endsWith('pause')
          ? { reason: 'x' }
          : url.includes('test')
            ? {}
            : SOURCE;
    expect((await app.ask(undefined, method, `/api/v1${url}`, body)).statusCode).toBe(401);
  });
});
