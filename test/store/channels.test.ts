import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { storesForTest } from '../support/database.ts';

const NOW = Date.parse('2026-03-01T03:00:00Z');

async function newChannels() {
  let now = NOW;
  const { channels } = await storesForTest({ folder: tmpdir(), now: () => (now += 1_000) });
  return channels;
}

it('counts how often in a row a channel took no message, and says why', async () => {
  const channels = await newChannels();
  await channels.took('ops');
  await channels.failed('ops', 'the first');
  await channels.failed('ops', 'the last');
  expect(await channels.all()).toEqual([
    { channel: 'ops', takenAt: NOW + 1_000, failedAt: NOW + 3_000, reason: 'the last', failures: 2 },
  ]);
});

it('begins to count anew when a channel took one', async () => {
  const channels = await newChannels();
  await channels.failed('ops', 'it was away');
  await channels.took('ops');
  expect(await channels.all()).toMatchObject([{ failures: 0, reason: 'it was away' }]);
});

it('keeps each channel by itself', async () => {
  const channels = await newChannels();
  await Promise.all([channels.took('b'), channels.failed('a', 'x'.repeat(9_999))]);
  expect((await channels.all()).map(({ channel }) => channel)).toEqual(['a', 'b']);
});
