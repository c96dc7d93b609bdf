import { matchesName } from './name-pattern.ts';

/** A role that somebody holds, everywhere or for some runbooks only. */
export interface Grant {
  readonly role: string;
  /** A pattern of runbook names such as `erp-*`; absent: every runbook. */
  readonly runbooks?: string;
}

/**
 * What kind of account it is.
 * - `person`: one human.
 * - `service`: a program. It may start and read; it never votes.
 * - `break-glass`: an account for the day when nothing else lets anybody in. Whoever holds its password uses it.
 */
export const PERSON_KINDS = ['person', 'service', 'break-glass'] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

/**
 * How somebody came in.
 * - `local`: by naming themselves on a stack that trusts this (`signIn.trustLocal`, simulator only).
 * - `password`: with a password, and a passcode where one is set up.
 * - `oidc`: through the identity provider.
 * - `token`: with an API token.
 * - `break-glass`: with a break-glass account and a reason.
 */
export type ActorVia = 'local' | 'password' | 'oidc' | 'token' | 'break-glass';

/**
 * How sure it is who acts, the weakest first.
 * - `asserted`: they said so; nothing was checked.
 * - `password`: they knew a password, or hold what was made with one.
 * - `twoFactor`: they knew a password and had the second factor.
 * - `oidc`: the identity provider vouches for them.
 */
export type Assurance = 'asserted' | 'password' | 'twoFactor' | 'oidc';

/** What a token was made for. It never allows more than its owner may do. */
export interface TokenScope {
  /** Names of actions; src/identity/permissions.ts has them. */
  readonly actions: readonly string[];
  /** A pattern of runbook names; absent: every runbook. */
  readonly runbooks?: string;
}

/** Somebody who acts, proven or asserted. Made by the identity layer only; every operation asks what it may do. */
export interface Actor {
  /** The id by which rules, votes and records know the person. Two logins of one person have the same. */
  readonly person: string;
  /** For people to read. */
  readonly name: string;
  readonly kind: PersonKind;
  readonly grants: readonly Grant[];
  readonly via: ActorVia;
  readonly assurance: Assurance;
  /** Only with `via: 'token'`. */
  readonly tokenScope?: TokenScope;
  /** Why a break-glass account was used. */
  readonly reason?: string;
}

/** The roles that grants give for one runbook, each once. */
export function rolesFor(grants: readonly Grant[], runbook: string): string[] {
  const held = grants.filter(({ runbooks }) => runbooks === undefined || matchesName(runbooks, runbook));
  return [...new Set(held.map(({ role }) => role))];
}

/** The roles that grants give for every runbook, each once. */
export function rolesEverywhere(grants: readonly Grant[]): string[] {
  return [...new Set(grants.filter(({ runbooks }) => runbooks === undefined).map(({ role }) => role))];
}

/** Who only looks, on a stack that trusts whoever can use this machine: somebody who has not said who they are. */
export const NOBODY: Actor = {
  person: 'nobody',
  name: 'somebody on this machine',
  kind: 'person',
  grants: [{ role: 'viewer' }],
  via: 'local',
  assurance: 'asserted',
};

export function isNobody({ person, via }: Pick<Actor, 'person' | 'via'>): boolean {
  return via === 'local' && person === NOBODY.person;
}
