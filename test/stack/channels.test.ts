import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { openChannels } from '../../src/stack/channels.ts';

/** The channels of a configuration, which has `KEY` in its environment. */
async function channelsOf(yaml: string) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-channels-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'muster.yaml');
  await writeFile(file, yaml);
  const config = await loadConfig({ file, environmentVariables: { KEY: 'k3y' } });
  return openChannels(config);
}

const OPS =
  "channels: { ops: { kind: webhook, url: 'https://ops.example', secret: { env: KEY }, ca: gone.pem } }";

test('a channel reads its secrets when it is used', async () => {
  const channels = await channelsOf(OPS);
  const ops = channels.find('ops');
  expect(ops?.kind === 'webhook' && [await ops.url(), await ops.secret()]).toEqual([
    'https://ops.example',
    'k3y',
  ]);
});

test('a secret that is missing is told when the channel is used, and keeps no worker from starting', async () => {
  const channels = await channelsOf('channels: { chat: { kind: slack, url: { env: GONE } } }');
  const chat = channels.find('chat');
  await expect(chat?.kind === 'slack' && chat.url()).rejects.toMatchObject({
    code: 'notify.badChannel',
    message: expect.stringContaining('GONE') as string,
  });
});

test('so are certificates', async () => {
  const channels = await channelsOf(OPS);
  await expect(channels.find('ops')?.ca?.()).rejects.toMatchObject({
    code: 'notify.badChannel',
    passing: false,
  });
});
