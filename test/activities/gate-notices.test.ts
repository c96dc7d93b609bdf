import { describe, expect, it } from 'vitest';
import type { TellGateInput } from '../../activities/contract.ts';
import type { Channel, Channels } from '../../activities/notify/channel.ts';
import { createGateNotices, type GateAudience } from '../../activities/notify/gate-notices.ts';
import { channelServer, type Post } from '../support/channel-server.ts';
import { webhook } from './notify-support.ts';
import { RUN } from './support.ts';

const EVENT: TellGateInput = { run: RUN, path: 'block/go', nonce: 'n-1', event: 'opened' };

function noticesOf(servers: Readonly<Record<string, string>>, audience: Partial<GateAudience> = {}) {
  const all = new Map<string, Channel>(
    Object.entries(servers).map(([name, url]) => [name, webhook(url, { name })]),
  );
  const channels: Channels = { find: (name) => all.get(name), link: 'https://muster.example' };
  const untold: string[] = [];
  const notices = createGateNotices({
    channels,
    audience: { gates: Object.keys(servers), roles: new Map(), ...audience },
    health: {
      took: async () => undefined,
      failed: async (channel) => void untold.push(channel),
    },
  });
  return { notices, untold };
}

const bodyOf = ({ body }: Post): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('a gate that opens', () => {
  it('is told to everybody, with a link to its page', async () => {
    const [ops, chat] = [await channelServer(), await channelServer()];
    await noticesOf({ ops: ops.url, chat: chat.url }).notices.gate(EVENT);
    expect(ops.posts.map(bodyOf)).toMatchObject([
      {
        event: 'gate.opened',
        gate: 'block/go',
        link: 'https://muster.example/runs/canary-1/gates/block/go',
        title: 'Drill canary: block/go waits for people',
      },
    ]);
    expect(chat.posts).toHaveLength(1);
  });

  it('is told to the others when a channel is dead', async () => {
    const alive = await channelServer();
    const { notices, untold } = noticesOf({ dead: 'http://127.0.0.1:9', alive: alive.url });
    await expect(notices.gate(EVENT)).rejects.toMatchObject({ code: 'notify.notReached', passing: true });
    expect(alive.posts).toHaveLength(1);
    expect(untold).toEqual(['dead']);
  });

  it('is told once to each when it is tried again', async () => {
    const [ops, chat] = [await channelServer(), await channelServer()];
    chat.answer({ status: 500 });
    const { notices } = noticesOf({ ops: ops.url, chat: chat.url });
    await expect(notices.gate(EVENT)).rejects.toThrow();
    await notices.gate(EVENT);
    expect([ops.posts.length, chat.posts.length]).toEqual([1, 2]);
  });

  it('is not tried again where a channel refuses it', async () => {
    const gone = await channelServer();
    gone.answer({ status: 410 });
    const { notices, untold } = noticesOf({ gone: gone.url });
    await notices.gate(EVENT);
    await notices.gate(EVENT);
    expect(untold).toEqual(['gone']);
  });

  it('is told anew when it opens anew', async () => {
    const ops = await channelServer();
    const { notices } = noticesOf({ ops: ops.url });
    await notices.gate(EVENT);
    await notices.gate({ ...EVENT, nonce: 'n-2', event: 'voided', reasons: ['Another plan: ERP-2.'] });
    expect(ops.posts.map(bodyOf).map(({ event }) => event)).toEqual(['gate.opened', 'gate.voided']);
    expect(ops.posts.map(bodyOf)[1]?.['text']).toContain('- Another plan: ERP-2.');
  });
});

describe('a gate that has closed', () => {
  it('is not told to be open by a try that comes late', async () => {
    const ops = await channelServer();
    ops.answer({ status: 500 });
    const { notices } = noticesOf({ ops: ops.url });
    await expect(notices.gate(EVENT)).rejects.toThrow();
    await notices.gate({ ...EVENT, event: 'closed' });
    await notices.gate(EVENT);
    expect(ops.posts.map(bodyOf).map(({ event }) => event)).toEqual(['gate.opened', 'gate.closed']);
  });
});

describe('a gate that is escalated', () => {
  it.each([
    ['those of the role', 'cio', ['boss']],
    ['everybody when the role has no channel', 'head', ['ops']],
  ])('is told to %s', async (_what, to, expected) => {
    const servers = { ops: await channelServer(), boss: await channelServer() };
    const { notices } = noticesOf(
      { ops: servers.ops.url, boss: servers.boss.url },
      { gates: ['ops'], roles: new Map([['cio', ['boss']]]) },
    );
    await notices.gate({ ...EVENT, event: 'escalated', to });
    expect(Object.entries(servers).flatMap(([name, { posts }]) => (posts.length > 0 ? [name] : []))).toEqual(
      expected,
    );
  });
});
