import { rolesEverywhere } from '../model/actor.ts';
import type { OidcConfig, PersonConfig, SignInConfig } from './config.ts';
import { located } from './located.ts';
import type { RawConfig } from './schema.ts';

type FromHere = (path: string) => string;

/** Somebody under `people`, as the rest of muster is told. */
export function personOf(id: string, raw: RawConfig['people'][string], fromHere: FromHere): PersonConfig {
  const { name, kind, roles: grants, password, totp, oidc } = raw;
  return {
    id,
    name,
    kind,
    grants,
    roles: rolesEverywhere(grants),
    ...(password !== undefined && { passwordHash: password }),
    ...(totp !== undefined && { totp: located(totp, fromHere) }),
    ...(oidc !== undefined && { oidc }),
  };
}

/** The ways to sign in. */
export function signInOf({ trustLocal, oidc }: RawConfig['signIn'], fromHere: FromHere): SignInConfig {
  return { trustLocal, ...(oidc !== undefined && { oidc: oidcOf(oidc, fromHere) }) };
}

function oidcOf(raw: NonNullable<RawConfig['signIn']['oidc']>, fromHere: FromHere): OidcConfig {
  const { clientSecret, roles, clockTolerance, ...as } = raw;
  return {
    ...as,
    ...(clientSecret !== undefined && { clientSecret: located(clientSecret, fromHere) }),
    roles: new Map(Object.entries(roles)),
    clockToleranceMs: clockTolerance,
  };
}
