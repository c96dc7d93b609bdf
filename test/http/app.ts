import { tmpdir } from 'node:os';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { inject as given, onTestFinished } from 'vitest';
import { createMuster } from '../../src/client/in-process.ts';
import { createApp, type HttpParts } from '../../src/http/index.ts';
import {
  createIdentity,
  openKeys,
  type Account,
  type Identity,
  type OidcSettings,
} from '../../src/identity/index.ts';
import type { Stores } from '../../src/store/index.ts';
import { openDatabase, openStores } from '../../src/store/index.ts';
import { timeline, waitingStep } from '../cli/sample-run.ts';
import { fakeControl } from '../client/fake-control.ts';
import { RULES } from '../client/make-muster.ts';
import { HASH, PASSWORD } from '../identity/door.ts';
import { spareTables } from '../support/postgres.ts';
import { evidencePartsOf } from '../support/evidence-parts.ts';

export const RUN = 'dr-drill-20250131-k7m2qz';

/** Somebody for each column of the table of permissions, a service, and a break-glass account. */
export const ACCOUNTS: readonly Account[] = [
  ...['viewer', 'operator', 'author', 'auditor', 'admin', 'dr-manager'].map((role) => ({
    id: role,
    name: `The ${role}`,
    kind: 'person' as const,
    grants: [{ role }],
    passwordHash: HASH,
  })),
  { id: 'robot', name: 'A robot', kind: 'service', grants: [{ role: 'operator' }, { role: 'dr-manager' }] },
  { id: 'glass', name: 'Envelope', kind: 'break-glass', grants: [{ role: 'operator' }], passwordHash: HASH },
];

/** The server over one run in memory that waits for an approval at `go`; people and their sessions are real. */
export interface TestApp {
  readonly app: FastifyInstance;
  readonly identity: Identity;
  readonly stores: Stores;
  readonly control: ReturnType<typeof fakeControl>;
  readonly parts: HttpParts;
  /** Signs somebody in, with their password. */
  login(person: string): Promise<string>;
  /** One request by somebody, or by nobody. */
  ask(
    credential: string | undefined,
    method: 'GET' | 'POST',
    url: string,
    more?: Omit<InjectOptions, 'method' | 'url'> | object,
  ): Promise<Awaited<ReturnType<FastifyInstance['inject']>>>;
  close(): Promise<void>;
}

export interface TestAppOptions extends Partial<HttpParts> {
  readonly control?: Parameters<typeof fakeControl>[0];
  readonly trustLocal?: boolean;
  readonly oidc?: OidcSettings;
}

export async function openTestApp({
  control: over = {},
  trustLocal = false,
  oidc,
  ...more
}: TestAppOptions = {}): Promise<TestApp> {
  const tables = await spareTables(given('databaseUrl'));
  const folder = await mkdtemp(join(tmpdir(), 'muster-http-'));
  const stores = await openStores({ database: openDatabase({ url: tables.url }), folder });
  const keys = await openKeys({ folder: join(folder, 'keys') });
  const identity = createIdentity({
    accounts: new Map(ACCOUNTS.map((account) => [account.id, account])),
    store: stores.people,
    trustLocal,
    ...(oidc !== undefined && { oidc }),
  });
  const control = fakeControl({ timeline: () => timeline([waitingStep()]), ...over });
  const parts: HttpParts = {
    identity,
    musterFor: (actor) =>
      createMuster({
        control,
        stores,
        keys,
        evidence: evidencePartsOf(stores, keys),
        identity,
        actor: async () => actor,
        rulesFor: () => RULES,
      }),
    health: async () => ({ ok: true, parts: { store: 'ok' } }),
    version: '0.0.0',
    trustedPeople: trustLocal ? [{ id: 'operator', name: 'The operator' }] : [],
    hasProvider: oidc !== undefined,
    needsProof: () => false,
    drafts: stores.drafts,
    ...more,
  };
  const app = await createApp(parts);
  return {
    app,
    identity,
    stores,
    control,
    parts,
    async login(person) {
      return (await identity.signIn({ person, password: PASSWORD, source: 'test' })).credential;
    },
    ask: async (credential, method, url, payload) =>
      app.inject({
        method,
        url,
        ...(credential !== undefined && { headers: { authorization: `Bearer ${credential}` } }),
        ...(payload !== undefined && { payload }),
      }),
    async close() {
      await app.close();
      await stores.close();
      await tables.drop();
    },
  };
}

/** The same, closed with the test. */
export async function appForTest(options?: TestAppOptions): Promise<TestApp> {
  const opened = await openTestApp(options);
  onTestFinished(() => opened.close());
  return opened;
}

/** A form, as a page of ours would post it in a browser with this cookie. */
export function posted(
  form: Readonly<Record<string, string>>,
  { cookie = '', origin = 'http://localhost' }: { readonly cookie?: string; readonly origin?: string } = {},
) {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin, cookie, accept: 'text/html' },
    payload: new URLSearchParams(form).toString(),
  };
}

/** Every route of the server: from the tree that the framework prints. */
export function routesOf(app: FastifyInstance): { readonly method: string; readonly url: string }[] {
  const above: string[] = [];
  return app
    .printRoutes()
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part, methods] = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? [];
      if (part === undefined) return [];
      above.length = indent.length / 4;
      above.push(part);
      const url = above.join('');
      return (methods ?? '').split(', ').flatMap((method) => (method === '' ? [] : [{ method, url }]));
    });
}
