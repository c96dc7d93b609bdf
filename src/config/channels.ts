import type { SecretRef } from './config.ts';
import { located } from './located.ts';
import type { RawConfig } from './schema.ts';

/** A way to tell people. `ca`: PEM files of the authorities to trust instead of the system's; empty: the system's. */
export type ChannelConfig =
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: string | SecretRef;
      /** Signs what is sent. */
      readonly secret: SecretRef;
      readonly ca: readonly string[];
    }
  | {
      readonly kind: 'slack' | 'teams';
      readonly name: string;
      readonly url: SecretRef;
      readonly ca: readonly string[];
    }
  | EmailChannelConfig;

export interface EmailChannelConfig {
  readonly kind: 'email';
  readonly name: string;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly encryption: 'starttls' | 'tls' | 'none';
    readonly login?: { readonly username: string; readonly password: SecretRef };
  };
  readonly from: string;
  readonly to: readonly string[];
  /** Whom else a runbook may write to: addresses, or `@` and a domain. */
  readonly allow: readonly string[];
  readonly ca: readonly string[];
}

/** Who is told of what, by the names of channels. */
export interface NotificationsConfig {
  /** Of gates that wait for people. */
  readonly gates: readonly string[];
  /** Of schedules that did not start a run. */
  readonly schedules: readonly string[];
  /** Of gates that are escalated to a role. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** The address under which people reach muster, without a path. */
  readonly link?: string;
}

type FromHere = (path: string) => string;

/** A channel as the rest of muster is told. */
export function channelConfigOf(
  name: string,
  raw: RawConfig['channels'][string],
  fromHere: FromHere,
): ChannelConfig {
  const ca = raw.ca.map(fromHere);
  switch (raw.kind) {
    case 'webhook': {
      const { kind, url, secret } = raw;
      const place = typeof url === 'string' ? url : located(url, fromHere);
      return { kind, name, url: place, secret: located(secret, fromHere), ca };
    }
    case 'slack':
    case 'teams':
      return { kind: raw.kind, name, url: located(raw.url, fromHere), ca };
    case 'email': {
      const { kind, smtp, from, to, allow } = raw;
      const { host, port, encryption, username, password } = smtp;
      const login =
        username === undefined || password === undefined
          ? {}
          : { login: { username, password: located(password, fromHere) } };
      return { kind, name, smtp: { host, port, encryption, ...login }, from, to, allow, ca };
    }
  }
}

export function notificationsOf({
  gates,
  schedules = gates,
  roles,
  link,
}: RawConfig['notifications']): NotificationsConfig {
  return {
    gates,
    schedules,
    roles: new Map(Object.entries(roles)),
    ...(link !== undefined && { link: new URL(link).origin }),
  };
}
