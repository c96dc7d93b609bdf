import { randomBytes, scryptSync } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { HttpServer } from '../../src/http/index.ts';
import { createLogger, type Logger } from '../../src/observe/logger.ts';
import { demoScenario, type System } from '../../src/simulator/index.ts';
import { startKeeper } from '../../src/stack/keeper.ts';
import { startServer } from '../../src/stack/server.ts';
import { controlOn } from '../../src/stack/temporal-control.ts';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { CLIENT_ID, newKey, startProvider } from '../identity/provider.ts';
import { awkwardCanary, canaryKey, canarySecret, canaryTotp } from '../support/canary-secret.ts';
import { channelServer, type ChannelServer } from '../support/channel-server.ts';
import { hostileServer, type HostileServer, type Twist } from '../support/hostile-server.ts';
import { mailServer, smtpRefusal, type MailServer } from '../support/mail-server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { proxyServer } from '../veeam/proxy-server.ts';
import { CanaryList } from './canary-list.ts';

const ADMINISTRATOR = 'administrator';
const API_CLIENT = '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01';
const PEOPLE = { anna: 'operator', boris: 'dr-manager', ada: 'admin, auditor', glass: 'operator' } as const;

/** A connection with a secret of its own. */
interface Login {
  readonly name: string;
  readonly kind: System;
  /** A user, or the API client. */
  readonly by: string;
  readonly totp?: true;
  readonly proxy?: true;
  /** The server refuses it, and says what it was sent. */
  readonly isBad?: true;
}

/** All of VRO's users, and the API client. The server takes these. */
const GOOD: readonly Login[] = [
  ...[1, 2, 3, 4].map((each) => ({ name: `vro-${each}`, kind: 'vro', by: `svc-${each}` }) as const),
  ...[1, 2].map((each) => ({ name: `mfa-${each}`, kind: 'vro', by: `mfa-${each}`, totp: true }) as const),
  { name: 'client', kind: 'vro', by: API_CLIENT },
];
const BAD: readonly Login[] = [
  ...[1, 2, 3].map((each) => ({ name: `vro-bad-${each}`, kind: 'vro', by: `svc-${each}` }) as const),
  { name: 'client-bad', kind: 'vro', by: API_CLIENT },
  ...(['vbr', 'one'] as const).flatMap((kind) =>
    [1, 2].map((each) => ({ name: `${kind}-bad-${each}`, kind, by: ADMINISTRATOR })),
  ),
  { name: 'proxied', kind: 'vro', by: 'svc-1', proxy: true },
];
export const LOGINS: readonly Login[] = [...GOOD, ...BAD.map((each) => ({ ...each, isBad: true as const }))];

/** A muster whose every secret is a canary, between servers that say what they were told. */
export interface CanarySite {
  readonly stage: Stage;
  readonly canaries: CanaryList;
  readonly servers: Readonly<Record<System, HostileServer>>;
  readonly channels: { readonly good: ChannelServer; readonly bad: ChannelServer };
  readonly mail: MailServer;
  readonly proxy: Awaited<ReturnType<typeof proxyServer>>;
  readonly http: HttpServer;
  readonly logger: Logger;
  /** Of the workers, and of what stands beside the server. */
  readonly logFiles: readonly string[];
  /** Puts another text into the file of a secret. */
  readonly write: (name: string, text: string) => Promise<void>;
}

/** Before any stage: the SDK has one logger in a process. */
const LOG_FILE = join(tmpdir(), `muster-fifty-canaries-${process.pid}.log`);
logWorkersTo(LOG_FILE, { level: 'debug' });

/** Opens it; it closes with the test. */
export async function canarySite(): Promise<CanarySite> {
  const canaries = new CanaryList();
  addSecrets(canaries);
  const servers = { vro: await hostileServer(), vbr: await hostileServer(), one: await hostileServer() };
  const channels = { good: await channelServer(), bad: await channelServer() };
  const told = [...canaries.all].filter(([name]) => /^(?:hook|slack|teams)/.test(name));
  const echo = { status: 400, text: `no: ${told.map(([, secret]) => secret).join(' ')}` };
  channels.bad.answer(...Array.from({ length: 100 }, () => echo));
  const mail = await mailServer({
    onAuth({ username, password }, _session, answer) {
      canaries.saw(password ?? '');
      if (password === canaries.get('mail')) answer(null, { user: 'muster' });
      else answer(smtpRefusal(535, `not ${username ?? ''} ${password ?? ''}`));
    },
  });
  const proxy = await proxyServer({ refuse: 407 });
  const provider = await startProvider({
    keys: [await newKey('first')],
    clientSecret: canaries.get('oidc-client'),
    people: { mona: { name: 'Mona', groups: ['managers'] } },
  });
  onTestFinished(() => provider.stop());
  const stage = await openStage({
    scenario: {
      ...demoScenario,
      user: { username: ADMINISTRATOR, password: canaries.get('administrator') },
      vro: {
        ...demoScenario.vro,
        client: { id: API_CLIENT, secret: canaries.get('client') },
        users: GOOD.filter(({ by }) => by !== API_CLIENT).map(({ name, by, totp }) => ({
          username: by,
          password: canaries.get(name),
          ...(totp === true && { mfa: { secret: canaries.get(`${name}.totp`) } }),
        })),
      },
    },
    config: configOf(canaries, { servers, channels, mail, proxy: proxy.url, issuer: provider.issuer }),
    worker: false,
  });
  onTestFinished(() => stage.close());
  onTestFinished(() => rm(LOG_FILE, { force: true }));
  for (const system of ['vro', 'vbr', 'one'] as const) {
    servers[system].standBefore(stage.simulator.urls[system]);
    servers[system].misbehave({ on: /\/token/, twist: refusing(canaries) });
  }
  await mkdir(join(stage.folder, 'secrets'));
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(stage.folder, 'secrets', name), text);
  for (const name of canaries.all.keys()) await write(name, canaries.get(name));
  for (const name of ['hook', 'slack', 'teams']) {
    await write(`${name}.url`, `${channels.good.url}/${canaries.get(name)}`);
    await write(`${name}-bad.url`, `${channels.bad.url}/${canaries.get(`${name}-bad`)}`);
  }
  await write('ca.pem', mail.ca);
  // Until the test puts the newer key there.
  await write('sealing-now', canaries.get('sealing-before'));
  canaries.add('database', new URL(stage.databaseUrl).password);
  await stage.startWorker();
  const { http, logger, logFile } = await served(stage);
  return {
    stage,
    canaries,
    servers,
    channels,
    mail,
    proxy,
    http,
    logger,
    logFiles: [LOG_FILE, logFile],
    write,
  };
}

function addSecrets(canaries: CanaryList): void {
  canaries.add('administrator', awkwardCanary());
  for (const { name, totp, proxy } of LOGINS) {
    canaries.add(name, proxy === true ? `Basic ${canarySecret()}` : awkwardCanary());
    if (totp === true) canaries.add(`${name}.totp`, canaryTotp());
  }
  for (const name of ['hook.key', 'hook-bad.key', 'mail', 'mail-bad']) canaries.add(name, awkwardCanary());
  for (const name of ['hook', 'hook-bad', 'slack', 'slack-bad', 'teams', 'teams-bad', 'oidc-client']) {
    canaries.add(name, canarySecret());
  }
  for (const name of ['sealing', 'sealing-before']) canaries.add(name, canaryKey());
  for (const person of Object.keys(PEOPLE)) canaries.add(person, awkwardCanary());
  canaries.add('anna.totp', canaryTotp());
}

/** Addresses are secrets as a whole; a file has each, and the canary is their last part. */
function configOf(
  canaries: CanaryList,
  {
    servers,
    channels: { good, bad },
    mail,
    proxy,
    issuer,
  }: Pick<CanarySite, 'servers' | 'channels' | 'mail'> & { readonly proxy: string; readonly issuer: string },
): string {
  const file = (name: string): string => `{ file: secrets/${name} }`;
  const connection = (name: string, kind: System, credentials: string, more = ''): string =>
    `  ${name}: { kind: ${kind}, url: '${servers[kind].url}', poll: 1s, effectLag: 1s, credentials: { ${credentials} }${more} }`;
  const asAdministrator = `username: ${ADMINISTRATOR}, password: ${file('administrator')}`;
  const logins = LOGINS.map(({ name, kind, by, totp, proxy: isProxied }) => {
    if (by === API_CLIENT) return connection(name, kind, `clientId: ${by}, clientSecret: ${file(name)}`);
    const password = file(isProxied === true ? 'vro-1' : name);
    const more = isProxied === true ? `, proxy: { url: '${proxy}', authorization: ${file(name)} }` : '';
    const passcodes = totp === true ? `, totp: ${file(`${name}.totp`)}` : '';
    return connection(name, kind, `username: ${by}, password: ${password}${passcodes}`, more);
  });
  const hooks = [
    ...[
      { name: 'hook', url: good.url },
      { name: 'hook-bad', url: bad.url },
    ].map(
      ({ name }) =>
        `  ${name}: { kind: webhook, url: ${file(`${name}.url`)}, secret: ${file(`${name}.key`)} }`,
    ),
    ...(['slack', 'teams'] as const).flatMap((kind) =>
      [kind, `${kind}-bad`].map((name) => `  ${name}: { kind: ${kind}, url: ${file(`${name}.url`)} }`),
    ),
    ...['mail', 'mail-bad'].map(
      (name) => `  ${name}: { kind: email, from: muster@dr.example, to: [ops@erp.example], ca: secrets/ca.pem,
    smtp: { host: 127.0.0.1, port: ${mail.port}, username: muster, password: ${file(name)} } }`,
    ),
  ];
  const people = Object.entries(PEOPLE).map(([id, roles]) => {
    const more = id === 'anna' ? `, totp: ${file('anna.totp')}` : '';
    const kind = id === 'glass' ? 'kind: break-glass' : 'oidc: none';
    return `  ${id}: { name: ${id}, roles: [${roles}], ${kind}, password: { scrypt: '${hashOf(canaries.get(id))}' }${more} }`;
  });
  return `connections:
${connection('dr-site', 'vro', `username: svc-1, password: ${file('vro-1')}`)}
${connection('dr-backup', 'vbr', asAdministrator)}
${connection('hq', 'one', asAdministrator)}
${logins.join('\n')}
people:
${people.join('\n')}
  robot: { name: robot, kind: service, roles: [operator] }
signIn:
  oidc: { issuer: '${issuer}', clientId: ${CLIENT_ID}, clientSecret: ${file('oidc-client')}, roles: { managers: [dr-manager] } }
channels:
${hooks.join('\n')}
notifications: { gates: [hook, slack, teams, mail], link: https://muster.example }
secrets: { key: [${file('sealing-now')}, ${file('sealing-before')}] }
drill: { allow: [dr-site/plan/ERP-CANARY] }
server: { port: 0 }
`;
}

/** As cheap as is allowed. */
function hashOf(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password.normalize('NFKC'), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$scrypt$ln=15,r=8,p=1$${text(salt)}$${text(hash)}`;
}

/** Lets in who has the right secret; whoever has not is told what they sent: as it was or nearly, as bytes, in JSON. */
function refusing(canaries: CanaryList): Twist {
  const forms = [
    (body: string) => body,
    (body: string) => body.replaceAll(/%../g, (one) => one.toLowerCase()),
    (body: string) => Buffer.from(body).toString('base64'),
    (body: string) => Buffer.from(body).toString('hex'),
    (body: string) => JSON.stringify(Object.fromEntries(new URLSearchParams(body))),
  ];
  let refused = 0;
  return ({ status }, { body }) => {
    canaries.saw(body);
    if (status < 400) return {};
    const form = forms[(refused += 1) % forms.length];
    const message = `no: ${form?.(body.replace(/^grant_type=\w+&/, '')) ?? ''}`;
    return { status: 400, text: JSON.stringify({ error: 'invalid_grant', message }) };
  };
}

/** The server and what stands beside it, as the stack has them. */
async function served(stage: Stage): Promise<{ http: HttpServer; logger: Logger; logFile: string }> {
  const { data, taskQueue, folder } = stage;
  const place = { address: inject('temporalAddress'), namespace: 'default', taskQueue };
  const { control, close } = controlOn(place, data.config);
  onTestFinished(close);
  const logFile = join(folder, 'data', 'logs', 'server.log');
  const logger = createLogger({ file: logFile, level: 'trace' });
  const http = await startServer(data, control, { fallback: false, logger });
  onTestFinished(() => http.close());
  const keeper = startKeeper({ control, stores: data.stores, sealing: data.sealing, logger });
  onTestFinished(() => keeper.stop());
  return { http, logger, logFile };
}
