import { z } from 'zod';
import { channel, notifications } from './channels-schema.ts';
import type { CredentialsConfig, ServerKind } from './config.ts';
import { ledger } from './ledger-schema.ts';
import { retention } from './retention-schema.ts';
import { emergency } from './emergency-schema.ts';
import { duration, isServerUrl, name, path, secret, text } from './field-schemas.ts';
import { parseHostPorts } from './host-port.ts';
import { person, signIn } from './people-schema.ts';
import { secrets } from './secrets-schema.ts';
import { server } from './server-schema.ts';

/** What `url` and `checks.allow` say for the embedded stack's own simulator. */
export const SIMULATOR = 'simulator';

const credentials = z
  .strictObject({
    username: text.exactOptional(),
    password: secret.exactOptional(),
    totp: secret.exactOptional(),
    clientId: text.exactOptional(),
    clientSecret: secret.exactOptional(),
  })
  .transform(({ username, password, totp, clientId, clientSecret }, context): CredentialsConfig => {
    const asUser = username !== undefined && password !== undefined;
    const asClient = clientId !== undefined && clientSecret !== undefined && totp === undefined;
    if (asUser && clientId === undefined && clientSecret === undefined) {
      return { username, password, ...(totp === undefined ? {} : { totp }) };
    }
    if (asClient && username === undefined && password === undefined) return { clientId, clientSecret };
    context.addIssue({
      code: 'custom',
      message: 'write username and password (and totp, with MFA), or clientId and clientSecret',
    });
    return z.NEVER;
  });

/** Where a plan can stand; the catalog says what each means. */
const PLAN_POSITIONS = [
  'default',
  'halted',
  'failover',
  'prepareToFailback',
  'failback',
  'undone',
  'committed',
  'permanent',
  'restored',
] as const;
const POSITION_HINT = `write one of ${PLAN_POSITIONS.join(', ')}`;

const API_VERSION = {
  vro: { form: /^v\d+(\.\d+)?$/, example: 'v7.21' },
  vbr: { form: /^\d+\.\d+-rev\d+$/, example: '1.1-rev1' },
  one: { form: /^v\d+(\.\d+)?$/, example: 'v2.3' },
} as const satisfies Record<ServerKind, { readonly form: RegExp; readonly example: string }>;

/** The version spoken when the configuration names none. */
export function defaultApiVersion(kind: ServerKind): string {
  return API_VERSION[kind].example;
}

const pin = z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, {
  error: 'write sha256/ and the base64 of the public key; `muster doctor` prints it',
});

const serverTls = z.strictObject({
  ca: z
    .union([path, z.array(path).min(1)])
    .transform((written) => (typeof written === 'string' ? [written] : written))
    .default([]),
  pins: z.array(pin).default([]),
});

const proxy = z.strictObject({
  url: z.string().refine(isProxyUrl, {
    error: 'write http:// or https://, a host and a port; no user, no path',
  }),
  authorization: secret.exactOptional(),
});

const connection = z
  .strictObject({
    kind: z.enum(['vro', 'vbr', 'one'], { error: 'write vro, vbr or one' }),
    url: z.string().refine((url) => url === SIMULATOR || isServerUrl(url), {
      error:
        'write https://, a host and, if needed, a port, e.g. https://vro.example:9898 (http:// only for this ' +
        'machine itself; no user, no path), or: simulator',
    }),
    apiVersion: text.exactOptional(),
    credentials: credentials.exactOptional(),
    tls: serverTls.exactOptional(),
    proxy: proxy.exactOptional(),
    clientName: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, { error: 'write at most 64 characters without spaces' })
      .exactOptional(),
    states: z
      .record(z.string().min(1).max(100), z.enum(PLAN_POSITIONS, { error: POSITION_HINT }))
      .exactOptional(),
    poll: duration.exactOptional(),
    effectLag: duration.exactOptional(),
  })
  .superRefine((read, context) => {
    const { form, example } = API_VERSION[read.kind];
    if (read.apiVersion !== undefined && !form.test(read.apiVersion)) {
      const message = `write the version as ${read.kind.toUpperCase()} spells it, e.g. ${example}`;
      context.addIssue({ code: 'custom', path: ['apiVersion'], message });
    }
    if (read.credentials === undefined && read.url !== SIMULATOR) {
      context.addIssue({
        code: 'custom',
        path: ['credentials'],
        message: 'is missing; only the simulator needs none',
      });
    }
    if (read.kind !== 'vro') {
      const { credentials: given } = read;
      const product = read.kind === 'vbr' ? 'VBR' : 'Veeam ONE';
      if (given !== undefined && 'clientId' in given) {
        const message = `${product} knows no clients; write username and password`;
        context.addIssue({ code: 'custom', path: ['credentials'], message });
      }
      if (given !== undefined && 'totp' in given) {
        const message = `${product} asks its API for no second factor`;
        context.addIssue({ code: 'custom', path: ['credentials', 'totp'], message });
      }
      if (read.states !== undefined) {
        const message = 'only VRO has plans, and with them states';
        context.addIssue({ code: 'custom', path: ['states'], message });
      }
    }
  });

const drillTarget = z.string().regex(/^[^/\s]+\/(plan|replica|recoveryToken)\/[^/]+$/, {
  error: 'write connection/plan/NAME or connection/replica/NAME, e.g. dr-site/plan/ERP-CANARY',
});

const checkPlace = z.string().refine((place) => place === SIMULATOR || parseHostPorts(place) !== undefined, {
  error: 'write host:port, a host alone (its ports 80 and 443), or: simulator. There are no wildcards',
});

const TLS_HINT =
  'write true, or { ca, cert, key } with paths of PEM files, cert and key together, and serverName if the certificate ' +
  'of the server is for another name';
const temporal = z
  .strictObject({
    address: z.string().refine((address) => parseHostPorts(address)?.length === 1, {
      error: 'write host:port, e.g. temporal.example:7233',
    }),
    namespace: text.default('default'),
    tls: z
      .union(
        [
          z.boolean(),
          z
            .strictObject({
              ca: path.exactOptional(),
              cert: path.exactOptional(),
              key: path.exactOptional(),
              serverName: text.exactOptional(),
            })
            .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: TLS_HINT }),
        ],
        { error: TLS_HINT },
      )
      .default(false),
    apiKey: secret.exactOptional(),
  })
  .refine(({ tls, apiKey }) => apiKey === undefined || tls !== false, {
    path: ['apiKey'],
    error: 'an API key is sent over TLS only; add tls: true',
  });

/** What `muster.yaml` may say. */
export const rawConfig = z.strictObject({
  connections: z.record(name, connection).default({}),
  people: z.record(name, person).default({}),
  signIn: signIn.prefault({}),
  drill: z.strictObject({ allow: z.array(drillTarget).default([]) }).prefault({}),
  unattended: z.array(name).default([]),
  emergency: emergency.prefault({}),
  ledger: ledger.prefault({}),
  retention: retention.prefault({}),
  published: path.exactOptional(),
  checks: z.strictObject({ allow: z.array(checkPlace).default([]) }).prefault({}),
  channels: z.record(name, channel).default({}),
  notifications: notifications.prefault({}),
  server: server.prefault({}),
  temporal: temporal.exactOptional(),
  secrets: secrets.prefault({}),
});
export type RawConfig = z.output<typeof rawConfig>;

function isProxyUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin, href } = new URL(url);
  return `${origin}/` === href && (protocol === 'https:' || protocol === 'http:');
}
