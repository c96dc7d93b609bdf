import { expect, it } from 'vitest';
import { createIdentityNotices } from '../../activities/notify/identity-notices.ts';
import { channelServer } from '../support/channel-server.ts';
import { webhook } from './notify-support.ts';

it('a break-glass account that is opened is told, with who, from where and why', async () => {
  const server = await channelServer();
  const tell = createIdentityNotices({
    channels: { find: (name) => (name === 'ops' ? webhook(server.url, { name }) : undefined) },
    health: { took: async () => undefined, failed: async () => undefined },
    audience: ['ops'],
  });
  await tell({
    kind: 'breakGlass',
    at: 1_000,
    person: 'glass',
    source: '192.0.2.1',
    detail: 'the IdP burns',
  });
  const [post] = server.posts;
  expect(JSON.parse(post?.body ?? '{}')).toMatchObject({
    event: 'identity.breakGlass',
    title: 'BREAK GLASS: the account glass was opened',
    text: expect.stringContaining('reason: the IdP burns') as string,
  });
});
