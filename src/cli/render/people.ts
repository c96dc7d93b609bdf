import type { IdentityEvent, PersonNow } from '../../client/index.ts';
import type { Actor, ActorVia, Assurance, Grant } from '../../model/actor.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

const VIA: Readonly<Record<ActorVia, string>> = {
  local: 'by name alone',
  password: 'with a password',
  oidc: 'through the identity provider',
  token: 'by API token',
  'break-glass': 'with a break-glass account',
};

const ASSURANCE: Readonly<Record<Assurance, string>> = {
  asserted: 'nothing was checked',
  password: 'proven by a password, or what was made with one',
  twoFactor: 'proven by password and second factor',
  oidc: 'proven by the identity provider',
};

/** Who acts, how that is known, and with which roles. */
export function actorLines({
  person,
  name,
  kind,
  grants,
  via,
  assurance,
  tokenScope,
  reason,
}: Actor): string[] {
  return [
    `${styled('bold', person)} (${name})${kind === 'person' ? '' : `, ${kind}`}`,
    `  came in: ${VIA[via]}; ${ASSURANCE[assurance]}`,
    `  roles:   ${grantsText(grants)}`,
    ...(tokenScope === undefined
      ? []
      : [`  token:   ${tokenScope.actions.join(', ')}${forRunbooks(tokenScope.runbooks)}`]),
    ...(reason === undefined ? [] : [`  reason:  ${reason}`]),
  ];
}

/** Who there is. */
export function peopleLines(people: readonly PersonNow[]): string[] {
  if (people.length === 0) return ['Nobody is known. People are listed in muster.yaml.'];
  return table(
    ['WHO', 'NAME', 'KIND', 'ROLES'],
    people.map(({ id, name, kind, grants, revoked }) => [
      id,
      name,
      kind,
      revoked === undefined
        ? grantsText(grants)
        : styled('red', `revoked by ${revoked.by}, ${shortTime(revoked.at)}: ${revoked.reason}`),
    ]),
  );
}

/** The record of people and sign-ins. */
export function eventLines(events: readonly IdentityEvent[]): string[] {
  if (events.length === 0) return ['Nothing is recorded.'];
  return table(
    ['WHEN', 'WHAT', 'WHO', 'BY', 'FROM', 'MORE'],
    events.map(({ at, kind, person, by = '', source = '', detail = '' }) => [
      shortTime(at),
      LOUD.has(kind) ? styled('red', kind) : kind,
      person,
      by,
      source,
      detail,
    ]),
  );
}

const LOUD: ReadonlySet<IdentityEvent['kind']> = new Set(['breakGlass', 'personRevoked', 'signInFailed']);

function grantsText(grants: readonly Grant[]): string {
  return grants.map(({ role, runbooks }) => `${role}${forRunbooks(runbooks)}`).join(', ') || 'none';
}

/** For which runbooks, where not for all. */
export function forRunbooks(pattern: string | undefined): string {
  return pattern === undefined ? '' : ` (${pattern})`;
}
