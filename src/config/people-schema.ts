import { z } from 'zod';
import { PERSON_KINDS } from '../model/actor.ts';
import { parsePasswordHash } from '../model/password-hash.ts';
import { duration, name, secret, text } from './field-schemas.ts';

const GRANT_HINT = "write a role, or { role: …, runbooks: 'erp-*' } for some runbooks only";
const runbooks = z.string().regex(/^[a-z0-9*-]{1,64}$/, {
  error: "write a pattern of runbook names such as 'erp-*'; nothing but * is special",
});
const grants = z
  .array(
    z.union(
      [
        name.transform((role) => ({ role })),
        z.strictObject({ role: name, runbooks: runbooks.exactOptional() }),
      ],
      {
        error: GRANT_HINT,
      },
    ),
  )
  .min(1, { error: 'name at least one role' })
  .max(50, { error: 'has more than 50 roles' });

const HASH_HINT =
  "a password stands here as its hash only: { scrypt: '$scrypt$ln=15,r=8,p=3$…' }, at least ln=15; muster prints it";
const password = z
  .strictObject(
    {
      scrypt: z
        .string({ error: HASH_HINT })
        .refine((hash) => parsePasswordHash(hash) !== undefined, { error: HASH_HINT }),
    },
    { error: ({ code }) => (code === 'invalid_type' ? HASH_HINT : undefined) },
  )
  .transform(({ scrypt }) => scrypt);

const OIDC_HINT =
  "write oidc: { subject: … } with the person's `sub` at the identity provider, or oidc: none when they have no account there";

/** Somebody under `people`. */
export const person = z
  .strictObject({
    name: text,
    kind: z.enum(PERSON_KINDS, { error: `write ${PERSON_KINDS.join(', ')}` }).default('person'),
    roles: grants,
    password: password.exactOptional(),
    totp: secret.exactOptional(),
    oidc: z
      .union([z.literal('none'), z.strictObject({ subject: text })], { error: OIDC_HINT })
      .exactOptional(),
  })
  .superRefine(({ kind, password: hash, totp, oidc }, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (kind === 'break-glass' && hash === undefined) {
      refuse('password', 'is missing: a break-glass account opens with a password and nothing else');
    }
    if (kind === 'service' && hash !== undefined) {
      refuse('password', 'a service has no password; an admin makes an API token for it');
    }
    if (kind !== 'person' && oidc !== undefined) refuse('oidc', 'only a person has an account there');
    if (totp !== undefined && hash === undefined) {
      refuse('totp', 'a second factor needs a first one: add password');
    }
  });

const oidc = z.strictObject({
  issuer: z.string().refine(isIssuer, {
    error:
      'write the address that the provider calls itself by: https:// (http:// only for this machine itself)',
  }),
  clientId: text,
  clientSecret: secret.exactOptional(),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, { error: 'write a scope without spaces' }))
    .default(['openid', 'profile'])
    .refine((scopes) => scopes.includes('openid'), { error: 'must have openid' }),
  groupsClaim: text.default('groups'),
  roles: z.record(z.string().min(1).max(200), grants).default({}),
  personClaim: text.default('preferred_username'),
  clockTolerance: duration.default(30_000),
  freshVotes: z.boolean({ error: 'write true or false' }).default(false),
});

/** How people prove who they are. */
export const signIn = z.strictObject({
  trustLocal: z.boolean({ error: 'write true or false' }).default(false),
  oidc: oidc.exactOptional(),
});

/** An issuer may have a path; what it calls itself is compared letter by letter, so nothing is made of it here. */
function isIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, search, hash, username, password: secretPart } = new URL(issuer);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  const isPlain = `${search}${hash}${username}${secretPart}` === '';
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isHere));
}
