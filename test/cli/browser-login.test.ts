import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { runMuster, type Setting } from './run-muster.ts';
import { START } from './sample-run.ts';

const SERVER = 'https://muster.example';
const CODE = 'c'.repeat(43);

/** Waits as long as it takes, unless it is told to stop. */
const patiently = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

/** Runs a command line, with a person at a browser who does something with the address that it prints. */
async function withBrowser(
  args: readonly string[],
  browse: (address: URL) => Promise<unknown>,
  setting: Setting = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-browser-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const loginFile = join(folder, 'login.json');
  const redeemed: object[] = [];
  const addresses: URL[] = [];
  const visits: Promise<unknown>[] = [];
  const ended = await runMuster(args, {
    loginFile,
    sleep: patiently,
    onStderr(text) {
      const [address] = /https:\S+\/sign-in\/cli\S+/.exec(text) ?? [];
      if (address === undefined) return;
      addresses.push(new URL(address));
      visits.push(browse(new URL(address)));
    },
    ...setting,
    stack: {
      redeem: async (url, given) => {
        redeemed.push({ url, ...given });
        return { credential: 'mss_greta', expiresAt: START, person: 'greta', name: 'Greta' };
      },
      ...setting.stack,
    },
  });
  await Promise.all(visits);
  return { ...ended, loginFile, redeemed, addresses };
}

const back = (address: URL, query: Record<string, string>): Promise<unknown> => {
  const { port, state } = Object.fromEntries(address.searchParams) as Record<string, string>;
  return fetch(
    `http://127.0.0.1:${port ?? ''}/?${new URLSearchParams({ state: state ?? '', ...query }).toString()}`,
  );
};
const sayYes = (address: URL) => back(address, { code: CODE });

test('who says yes in the browser is signed in on the command line', async () => {
  const { code, stdout, loginFile } = await withBrowser(['login', SERVER, '--browser'], sayYes);
  expect([code, stdout]).toEqual([
    0,
    `Signed in at ${SERVER} as greta (Greta), until 2025-01-31 03:00:00Z at the latest.\n`,
  ]);
  expect(JSON.parse(await readFile(loginFile, 'utf8'))).toMatchObject({
    server: { url: SERVER, credential: 'mss_greta' },
  });
});

test('the code is redeemed with the verifier, of which the address has only the hash', async () => {
  const { redeemed, addresses } = await withBrowser(['login', SERVER, '--browser'], sayYes);
  const [{ verifier = '' } = {}] = redeemed as { verifier?: string }[];
  expect(redeemed).toEqual([{ url: SERVER, code: CODE, verifier }]);
  expect(addresses[0]?.searchParams.get('challenge')).toBe(
    createHash('sha256').update(verifier).digest('base64url'),
  );
});

test('a server without passwords leads to the browser by itself', async () => {
  const signInWays = async () => ({ password: false, provider: true });
  const { code, redeemed } = await withBrowser(['login', SERVER], sayYes, { stack: { signInWays } });
  expect([code, redeemed.length]).toEqual([0, 1]);
});

test('a no in the browser signs nobody in', async () => {
  const { code, stderr, redeemed } = await withBrowser(['login', SERVER, '--browser'], (address) =>
    back(address, { error: 'access_denied' }),
  );
  expect([code, redeemed]).toEqual([2, []]);
  expect(stderr).toContain('(cli.loginRefused)');
});

test('nobody waits longer than five minutes', async () => {
  const waited: number[] = [];
  const { code, stderr } = await withBrowser(['login', SERVER, '--browser'], async () => undefined, {
    sleep: async (ms) => void waited.push(ms),
  });
  expect([code, waited]).toEqual([2, [300_000]]);
  expect(stderr).toContain('Nobody has said yes in a browser within 5 minutes. (cli.loginTimedOut)');
});

test('Ctrl-C ends the waiting', async () => {
  const interrupt = new AbortController();
  const { code, stderr } = await withBrowser(['login', SERVER, '--browser'], async () => interrupt.abort(), {
    signal: interrupt.signal,
  });
  expect(code).toBe(130);
  expect(stderr).toContain('(cli.interrupted)');
});

test.each([
  ['no server', ['login', '--browser']],
  ['a name', ['login', SERVER, '--browser', '--person', 'anna']],
  ['a token', ['login', SERVER, '--browser', '--token-file', 'token']],
  ['break-glass', ['login', SERVER, '--browser', '--break-glass', '--reason', 'site A burns']],
])('a browser is of no use with %s', async (_what, args) => {
  const { code, stderr, addresses } = await withBrowser(args, sayYes);
  expect([code, addresses]).toEqual([2, []]);
  expect(stderr).toContain('(cli.usage)');
});
