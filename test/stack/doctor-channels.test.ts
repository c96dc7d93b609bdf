import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { resolveSecret, type ChannelConfig } from '../../src/config/index.ts';
import { channelLines } from '../../src/stack/doctor/channels.ts';
import { openDatabase, openStores } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';

const OPS: ChannelConfig = {
  kind: 'webhook',
  name: 'ops',
  url: 'https://ops.example/hook',
  secret: { env: 'OPS_KEY' },
  ca: [],
};
const configOf = (channel: ChannelConfig, env: Record<string, string> = { OPS_KEY: 'k3y' }) => ({
  channels: new Map([[channel.name, channel]]),
  secretOf: async (ref: Parameters<typeof resolveSecret>[0]) => resolveSecret(ref, env),
});
const NOWHERE = { dataDir: '/nowhere' };

/** A database in which the channel `ops` was used like this. */
async function databaseAfter(...ends: readonly ('took' | 'failed')[]): Promise<string> {
  const url = await databaseUrlForTest();
  const stores = await openStores({ database: openDatabase({ url }), folder: tmpdir() });
  for (const end of ends) {
    if (end === 'took') await stores.channels.took('ops');
    else await stores.channels.failed('ops', 'it answered 500.');
  }
  await stores.close();
  return url;
}

describe('a channel', () => {
  test.each([
    [['took'], 'ok', 'took a message 20'],
    [['failed', 'took'], 'ok', 'took a message 20'],
    [['took', 'failed'], 'warn', 'did not take its last message'],
    [['failed', 'failed', 'failed'], 'warn', 'did not take 3 tries in a row'],
  ] as const)('after %j is %s', async (ends, level, says) => {
    const databaseUrl = await databaseAfter(...ends);
    const [line] = await channelLines(configOf(OPS), { ...NOWHERE, databaseUrl });
    expect(line).toMatchObject({ check: 'channel', level, says: expect.stringContaining(says) as string });
  });

  test('that was never used is good', async () => {
    expect(await channelLines(configOf(OPS), NOWHERE)).toEqual([
      { check: 'channel', level: 'ok', says: 'ops (webhook) was never used' },
    ]);
  });

  test('without its secret is bad, and says where it should be', async () => {
    const [line] = await channelLines(configOf(OPS, {}), NOWHERE);
    expect(line).toMatchObject({ level: 'bad', says: expect.stringContaining('OPS_KEY') as string });
  });

  test('without its certificates is bad', async () => {
    const [line] = await channelLines(configOf({ ...OPS, ca: ['/nowhere/ca.pem'] }), NOWHERE);
    expect(line).toMatchObject({ level: 'bad', says: expect.stringContaining('/nowhere/ca.pem') as string });
  });

  test('is not asked for in a database that would have to be changed', async () => {
    const databaseUrl = await databaseUrlForTest();
    const [line] = await channelLines(configOf(OPS), { ...NOWHERE, databaseUrl });
    expect(line?.says).toBe('ops (webhook) was never used');
  });
});
