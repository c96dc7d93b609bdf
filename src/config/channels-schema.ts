import { z } from 'zod';
import { isServerUrl, name, path, secret, text } from './field-schemas.ts';

const PORTS = { starttls: 587, tls: 465, none: 25 } as const;
const MAX_RECIPIENTS = 50;

const ca = z
  .union([path, z.array(path).min(1)])
  .transform((written) => (typeof written === 'string' ? [written] : written))
  .default([]);

const WEB_HINT =
  'write https:// and where it leads (http:// only for this machine itself; no user), or { env: NAME } or { file: PATH }';
/** Some addresses are secrets, others may stand here. */
const webUrl = z.union([z.string().refine(isWebUrl, { error: WEB_HINT }), secret], { error: WEB_HINT });

const webhook = z.strictObject({ kind: z.literal('webhook'), url: webUrl, secret, ca });

const slack = z.strictObject({ kind: z.literal('slack'), url: secret, ca });
const teams = z.strictObject({ kind: z.literal('teams'), url: secret, ca });

const address = z.email({ error: 'write an e-mail address' }).max(254);
/** `muster@example.com`, or `muster <muster@example.com>`. */
const sender = z.string().refine(isSender, {
  error: 'write an e-mail address, or a name and the address: muster <muster@example.com>',
});
const reach = z.string().refine((one) => isDomain(one) || address.safeParse(one).success, {
  error: 'write an e-mail address, or @ and a domain: @example.com',
});

const smtp = z
  .strictObject({
    host: z.string().regex(/^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/i, { error: 'write the name of a host' }),
    port: z.int().min(1).max(65_535).exactOptional(),
    encryption: z
      .enum(['starttls', 'tls', 'none'], { error: 'write starttls, tls or none' })
      .default('starttls'),
    username: text.exactOptional(),
    password: secret.exactOptional(),
  })
  .superRefine(({ host, encryption, username, password }, context) => {
    if (encryption === 'none' && !isThisMachine(host)) {
      const message = 'mail is not sent over the network without encryption; write starttls or tls';
      context.addIssue({ code: 'custom', path: ['encryption'], message });
    }
    if ((username === undefined) !== (password === undefined)) {
      context.addIssue({ code: 'custom', message: 'write username and password together' });
    }
  })
  .transform((read) => ({ ...read, port: read.port ?? PORTS[read.encryption] }));

const email = z.strictObject({
  kind: z.literal('email'),
  smtp,
  from: sender,
  to: z.array(address).min(1, { error: 'name at least one address' }).max(MAX_RECIPIENTS),
  allow: z.array(reach).max(MAX_RECIPIENTS).default([]),
  ca,
});

/** A way to tell people. */
export const channel = z.discriminatedUnion('kind', [webhook, slack, teams, email], {
  error: 'write kind: webhook, slack, teams or email',
});

const channelNames = z.array(name).max(20);

/** Who is told of what. */
export const notifications = z.strictObject({
  gates: channelNames.default([]),
  schedules: channelNames.exactOptional(),
  roles: z.record(name, channelNames.min(1, { error: 'name at least one channel' })).default({}),
  link: z
    .string()
    .refine(isServerUrl, {
      error:
        'write https:// and a host, e.g. https://muster.example (http:// only for this machine itself; no path)',
    })
    .exactOptional(),
});

function isWebUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
  return isSafe && username === '' && password === '';
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || /^\[?::1\]?$/.test(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function isDomain(one: string): boolean {
  return one.startsWith('@') && address.safeParse(`somebody${one}`).success;
}

function isSender(written: string): boolean {
  const [, named] = /^[^<>@\p{Cc}"]{1,100} <([^<>]+)>$/u.exec(written) ?? [];
  return address.safeParse(named ?? written).success;
}
