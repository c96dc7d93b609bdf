import type { Grant } from '../../model/actor.ts';

/** An identity provider (OpenID Connect), and what its groups mean here. */
export interface OidcSettings {
  /** As the provider spells it, letter by letter. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, by PKCE alone. */
  readonly clientSecret?: () => Promise<string>;
  readonly scopes: readonly string[];
  /** The claim that has the groups: a name, or a path such as `realm_access.roles`. */
  readonly groupsClaim: string;
  readonly roles: ReadonlyMap<string, readonly Grant[]>;
  /** The claim that people know each other by; where it is missing, `sub` is shown. It identifies nobody. */
  readonly personClaim: string;
  readonly clockToleranceMs: number;
  /** Each vote needs a login of its own. */
  readonly freshVotes: boolean;
}

/** Providers answer at once; a dead one must not hold people up. */
export const PROVIDER_LIMIT_MS = 5_000;
