import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configLoader } from './load.ts';

const { folder, load, problemsOf } = await configLoader();

const ALL = `
channels:
  ops: { kind: webhook, url: 'https://ops.example/hook', secret: { env: OPS_KEY } }
  chat: { kind: slack, url: { file: secrets/slack } }
  room: { kind: teams, url: { env: TEAMS_URL }, ca: proxy-ca.pem }
  mail:
    kind: email
    smtp: { host: smtp.erp.example, username: muster, password: { env: SMTP_PASSWORD } }
    from: muster <muster@erp.example>
    to: [ops@erp.example]
    allow: ['@erp.example']
notifications:
  gates: [ops, mail]
  roles: { cio: [mail] }
  link: https://muster.example/
`;

const mail = (fields: string): string =>
  `channels: { mail: { kind: email, from: a@b.example, to: [a@b.example], ${fields} } }`;

describe('channels', () => {
  it('are read with what is left out filled in', async () => {
    const { channels } = await load(ALL);
    expect(Object.fromEntries(channels)).toEqual({
      ops: {
        kind: 'webhook',
        name: 'ops',
        url: 'https://ops.example/hook',
        secret: { env: 'OPS_KEY' },
        ca: [],
      },
      chat: { kind: 'slack', name: 'chat', url: { file: join(folder, 'secrets/slack') }, ca: [] },
      room: { kind: 'teams', name: 'room', url: { env: 'TEAMS_URL' }, ca: [join(folder, 'proxy-ca.pem')] },
      mail: {
        kind: 'email',
        name: 'mail',
        smtp: {
          host: 'smtp.erp.example',
          port: 587,
          encryption: 'starttls',
          login: { username: 'muster', password: { env: 'SMTP_PASSWORD' } },
        },
        from: 'muster <muster@erp.example>',
        to: ['ops@erp.example'],
        allow: ['@erp.example'],
        ca: [],
      },
    });
  });

  it('are told of gates, and of schedules unless others are named', async () => {
    const { notifications } = await load(ALL);
    expect(notifications).toEqual({
      gates: ['ops', 'mail'],
      schedules: ['ops', 'mail'],
      roles: new Map([['cio', ['mail']]]),
      link: 'https://muster.example',
    });
  });

  it('are none where nothing is said', async () => {
    const { channels, notifications } = await load('');
    expect(channels.size).toBe(0);
    expect(notifications).toEqual({ gates: [], schedules: [], roles: new Map() });
  });

  it.each<[string, string, string]>([
    ['a kind nobody knows', 'channels: { a: { kind: pager, url: x } }', 'channels.a.kind: write kind'],
    ['no kind', 'channels: { a: { url: x } }', 'channels.a.kind: write kind'],
    [
      'the address of Slack in the file',
      'channels: { a: { kind: slack, url: "https://hooks.slack.example/T/B/X" } }',
      'channels.a.url: no secret stands in this file',
    ],
    [
      'a key in the file',
      'channels: { a: { kind: webhook, url: "https://a.example", secret: abc } }',
      'channels.a.secret: no secret stands in this file',
    ],
    [
      'an address without TLS',
      'channels: { a: { kind: webhook, url: "http://a.example", secret: { env: A } } }',
      'channels.a.url: write https://',
    ],
    [
      'an address that begins like this machine',
      'channels: { a: { kind: webhook, url: "http://127.evil.example", secret: { env: A } } }',
      'channels.a.url: write https://',
    ],
    ['mail in the clear', mail('smtp: { host: smtp.example, encryption: none }'), 'mail is not sent over'],
    ['a login without password', mail('smtp: { host: smtp.example, username: a }'), 'username and password'],
    [
      'a sender with a header in it',
      'channels: { mail: { kind: email, smtp: { host: a }, from: "a <a@b.example>\\nBcc: c@d.example", to: [a@b.example] } }',
      'channels.mail.from: write an e-mail address',
    ],
    [
      'somebody without a domain',
      'channels: { mail: { kind: email, smtp: { host: a }, from: a@b.example, to: [bob] } }',
      'channels.mail.to.0: write an e-mail address',
    ],
    ['a domain of no sense', mail('smtp: { host: a }, allow: ["@"]'), 'channels.mail.allow.0: write'],
    [
      'a channel that is not there',
      'notifications: { gates: [ops] }',
      'notifications.gates.0: names no channel',
    ],
    [
      'a role without a channel that is there',
      'notifications: { roles: { cio: [ops] } }',
      'notifications.roles.cio.0: names no channel',
    ],
    [
      'a link with a path',
      'notifications: { link: "https://a.example/x" }',
      'notifications.link: write https',
    ],
  ])('are refused with %s', async (_what, yaml, expected) => {
    expect((await problemsOf(yaml)).join('\n')).toContain(expected);
  });
});
