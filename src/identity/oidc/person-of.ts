import type { Grant } from '../../model/actor.ts';
import { sha256Hex } from '../credentials.ts';
import type { OidcSettings } from './settings.ts';

type Claims = Readonly<Record<string, unknown>>;

/** More groups than that nobody has; more is not looked at. */
const MAX_GROUPS = 2_000;
const MAX_NAME_LENGTH = 100;
const MAX_SLUG_LENGTH = 40;
/** 64 bits of issuer and subject: nobody finds another subject with the same. */
const HASH_DIGITS = 16;

/**
 * The id of somebody whom a provider vouches for: readable, and derived from issuer and subject, so that nobody gets the id
 * of another person by naming themselves like them.
 */
export function personIdOf({
  issuer,
  subject,
  handle,
}: {
  issuer: string;
  subject: string;
  handle: string;
}): string {
  const slug = handle
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return `${slug === '' ? 'person' : slug}-${stampOf(issuer, subject)}`;
}

/** Whether an id is one that this subject can have got: what is kept of people may have been changed by hand. */
export function isIdOf(person: string, { issuer, subject }: { issuer: string; subject: string }): boolean {
  return person.endsWith(`-${stampOf(issuer, subject)}`);
}

function stampOf(issuer: string, subject: string): string {
  return sha256Hex(JSON.stringify([issuer, subject])).slice(0, HASH_DIGITS);
}

/** What people know somebody by. It identifies nobody: most providers let people change it. */
export function handleOf(claims: Claims, { personClaim }: Pick<OidcSettings, 'personClaim'>): string {
  return textOf(valueAt(claims, personClaim)) ?? textOf(claims['sub']) ?? 'person';
}

/** The name to show. */
export function shownNameOf(claims: Claims, settings: Pick<OidcSettings, 'personClaim'>): string {
  return textOf(claims['name']) ?? handleOf(claims, settings);
}

/** Those of somebody's groups that the configuration names, each once. */
export function groupsOf(
  claims: Claims,
  { groupsClaim, roles }: Pick<OidcSettings, 'groupsClaim' | 'roles'>,
): readonly string[] {
  const value = valueAt(claims, groupsClaim);
  const groups = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const named = groups
    .slice(0, MAX_GROUPS)
    .filter((group): group is string => typeof group === 'string' && roles.has(group));
  return [...new Set(named)];
}

/** The roles that groups give, each once. */
export function grantsOfGroups(
  groups: readonly string[],
  { roles }: Pick<OidcSettings, 'roles'>,
): readonly Grant[] {
  const found = groups.flatMap((group) => roles.get(group) ?? []);
  return [...new Map(found.map((grant) => [JSON.stringify([grant.role, grant.runbooks]), grant])).values()];
}

/** A claim by its name, which may itself have dots, or else by a path. */
function valueAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Claims)[key];
  }
  return value;
}

/** Text of a claim that may be shown: short, and nothing that a terminal obeys. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, MAX_NAME_LENGTH);
  return text.trim() === '' ? undefined : text;
}
