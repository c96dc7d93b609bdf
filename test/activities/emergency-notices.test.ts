import { expect, it } from 'vitest';
import type { TellGateInput } from '../../activities/contract.ts';
import { createGateNotices } from '../../activities/notify/gate-notices.ts';
import { channelServer } from '../support/channel-server.ts';
import { webhook } from './notify-support.ts';
import { RUN } from './support.ts';

const EVENT: TellGateInput = { run: RUN, path: 'go', nonce: 'n-1', event: 'opened' };

/** Four channels, and what each is told of an event. */
async function toldOf(event: TellGateInput, code?: string): Promise<Record<string, string[]>> {
  const names = ['ops', 'cio', 'plans', 'other'];
  const servers = await Promise.all(names.map(async (name) => [name, await channelServer()] as const));
  const all = new Map(servers.map(([name, { url }]) => [name, webhook(url, { name })]));
  const notices = createGateNotices({
    channels: { find: (name) => all.get(name) },
    audience: { gates: ['ops'], roles: new Map([['cio', ['cio']]]), schedules: ['plans'] },
    health: { took: async () => undefined, failed: async () => undefined },
    spokenCode: async () => code,
  });
  await notices.gate(event);
  return Object.fromEntries(
    servers.map(([name, { posts }]) => [
      name,
      posts.map(({ body }) => (JSON.parse(body) as { text: string }).text),
    ]),
  );
}

it.each(['opened', 'reminder', 'voided'] as const)(
  'the code is in what people are told: %s',
  async (event) => {
    const { ops = [] } = await toldOf({ ...EVENT, event }, '7K2M-Q0ZX');
    expect(ops.join()).toContain('7K2M-Q0ZX');
  },
);

it.each(['escalated', 'closed', 'breakGlass'] as const)('the code is for nobody else: %s', async (event) => {
  const told = await toldOf({ ...EVENT, event, to: 'cio' }, '7K2M-Q0ZX');
  expect(JSON.stringify(told)).not.toContain('7K2M-Q0ZX');
});

it('without spoken votes nothing is said of a code', async () => {
  const { ops = [] } = await toldOf(EVENT);
  expect(ops.join()).not.toContain('phone');
});

it('a break-glass approval is told on every channel of the notifications', async () => {
  const reasons = ['BREAK-GLASS: approved by anna alone'];
  const told = await toldOf({ ...EVENT, event: 'breakGlass', reasons });
  expect(Object.entries(told).map(([name, texts]) => [name, texts.length])).toEqual([
    ['ops', 1],
    ['cio', 1],
    ['plans', 1],
    ['other', 0],
  ]);
  expect(told['cio']?.join()).toContain('- BREAK-GLASS: approved by anna alone');
});
