import { createMuster } from '../client/in-process.ts';
import type { LocalMuster } from '../client/in-process.ts';
import type { Config, OidcConfig, PersonConfig } from '../config/index.ts';
import type { Control } from '../control/index.ts';
import { classOf, PERMISSIONS } from '../identity/index.ts';
import type { StartRules } from '../language/index.ts';
import { rolesFor, type Actor } from '../model/actor.ts';
import { emergencyFor } from '../model/emergency.ts';
import { without } from '../model/json.ts';
import { actorFor, type Acting } from './acting.ts';
import type { Data } from './data.ts';
import { versionsNow } from './versions.ts';
import { controlOn } from './temporal-control.ts';
import type { TemporalPlace } from './temporal-place.ts';

/** The operations of muster in this process, on a Temporal server; it connects at the first call that needs it. */
export function musterOn(place: TemporalPlace, data: Data, acting: Acting): LocalMuster {
  const { control, close } = controlOn(place, data.config);
  return musterWith({ control, actor: () => actorFor(data, acting), close }, data);
}

/** The operations of muster in this process, over a control. */
export function musterWith(
  {
    control,
    actor,
    close,
  }: {
    readonly control: Control;
    readonly actor: () => Promise<Actor>;
    readonly close?: () => Promise<void>;
  },
  { config, stores, keys, identity, sealing, rotateLedgerKey }: Data,
): LocalMuster {
  return createMuster({
    control,
    actor,
    stores,
    identity,
    keys,
    evidence: {
      sealing,
      voteKey: keys.publicKey,
      versions: versionsNow(),
      ...(config.published !== undefined && { published: config.published }),
      ...(config.signIn.oidc !== undefined && { provider: providerOf(config.signIn.oidc) }),
    },
    rotateLedgerKey,
    retention: without(config.retention, ['automatic']),
    rulesFor: (runbook) => rulesOf(config, runbook),
    emergency: (runbook) => emergencyFor(config.emergency, runbook),
    ...(close !== undefined && { close }),
  });
}

function providerOf({ issuer, clientId, freshVotes }: OidcConfig) {
  const source = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return { issuer, audience: clientId, provesVotes: freshVotes, source };
}

/** What the configuration says about starting a runbook. */
export function rulesOf(
  { connections, drill, unattended, published, people, signIn }: Config,
  runbook: string,
): StartRules {
  const voters = votersOf(people, runbook);
  const roles = new Map<string, number>();
  for (const role of voters.flatMap((person) => person.roles)) roles.set(role, (roles.get(role) ?? 0) + 1);
  // How many people are in a group only the identity provider knows.
  const byGroups = rolesFor([...(signIn.oidc?.roles.values() ?? [])].flat(), runbook);
  for (const role of byGroups) roles.set(role, Infinity);
  return {
    drillAllow: drill.allow,
    unattended: unattended.includes(runbook),
    ...(published === undefined ? {} : { published }),
    connections: [...connections.values()].map(({ name, kind }) => ({ name, kind })),
    roles,
    // Whom the identity provider knows is found out when they sign in.
    ...(signIn.oidc === undefined && {
      people: voters.map(({ id }) => id),
      rolesOf: new Map(voters.map(({ id, roles: held }) => [id, held])),
    }),
  };
}

/**
 * Who can answer gates of a runbook, with the roles they hold there: people only, whatever roles a service has, and of them
 * those with a role that answers gates at all.
 */
export function votersOf(people: Config['people'], runbook: string): readonly PersonConfig[] {
  return [...people.values()]
    .filter(({ kind }) => kind === 'person')
    .map((person) => ({ ...person, roles: rolesFor(person.grants, runbook) }))
    .filter(({ roles }) => roles.some(answersGates));
}

function answersGates(role: string): boolean {
  return PERMISSIONS['gate.vote'].roles.some((one) => one === classOf(role));
}
