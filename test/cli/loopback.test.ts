import { describe, expect, onTestFinished, test } from 'vitest';
import { listenForCode } from '../../src/cli/loopback.ts';

const STATE = 's'.repeat(43);
const CODE = 'c'.repeat(43);

/** A listener, and a browser that goes there. */
async function listening() {
  const loopback = await listenForCode(STATE);
  onTestFinished(() => loopback.close());
  // Who waits is told also when a test does not look.
  loopback.code.catch(() => undefined);
  const visit = async (query: object, { path = '/', method = 'GET', headers = {} } = {}) => {
    const asked = new URLSearchParams(query as Record<string, string>).toString();
    const answer = await fetch(`http://127.0.0.1:${loopback.port}${path}?${asked}`, { method, headers });
    return { status: answer.status, says: await answer.text(), headers: answer.headers };
  };
  return { ...loopback, visit };
}

describe('the listener for a browser', () => {
  test('takes the code that comes with its state', async () => {
    const { visit, code } = await listening();
    const { status, says } = await visit({ code: CODE, state: STATE });
    expect([status, says]).toEqual([200, 'muster goes on in the terminal. You can close this page.\n']);
    expect(await code).toBe(CODE);
  });

  test('refuses another state with a code, and goes on waiting', async () => {
    const { visit, code } = await listening();
    const { status, says } = await visit({ code: 'e'.repeat(43), state: 'x' });
    expect([status, says]).toEqual([400, expect.stringContaining('cli.wrongState: this sign-in was not')]);
    await visit({ code: CODE, state: STATE });
    expect(await code).toBe(CODE);
  });

  test('ends when the person says no', async () => {
    const { visit, code } = await listening();
    await visit({ error: 'access_denied', state: STATE });
    await expect(code).rejects.toMatchObject({ code: 'cli.loginRefused' });
  });

  test('is not ended by a no of somebody else', async () => {
    const { visit, code } = await listening();
    expect((await visit({ error: 'access_denied', state: 'x' })).status).toBe(400);
    await visit({ code: CODE, state: STATE });
    expect(await code).toBe(CODE);
  });

  test.each([
    ['another path', { path: '/favicon.ico' }],
    ['a form', { method: 'POST' }],
  ])('answers nothing to %s', async (_what, how) => {
    const { visit } = await listening();
    expect((await visit({ code: CODE, state: STATE }, how)).status).toBe(404);
  });

  test('shows nothing of what came, and lets nothing be kept', async () => {
    const { visit } = await listening();
    const { says, headers } = await visit({ code: '<script>', state: STATE });
    expect(says).toBe('cli.wrongCode: the server has sent no code. Begin anew.\n');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
