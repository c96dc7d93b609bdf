import type { Config, OidcConfig, PersonConfig } from '../config/index.ts';
import { createIdentity, type Account, type Identity, type OidcSettings } from '../identity/index.ts';
import type { IdentityEvent, PeopleStore } from '../store/index.ts';

/** Who somebody is, as the configuration and the store say. */
export function identityOf(
  config: Pick<Config, 'people' | 'signIn' | 'secretOf'>,
  store: PeopleStore,
  { tell }: { readonly tell?: (event: IdentityEvent) => Promise<void> } = {},
): Identity {
  const { trustLocal, oidc } = config.signIn;
  const people = [...config.people.values()];
  return createIdentity({
    accounts: new Map(people.map((person) => [person.id, accountOf(person, config)])),
    store,
    trustLocal,
    ...(oidc !== undefined && { oidc: settingsOf(oidc, config) }),
    ...(tell !== undefined && { tell }),
  });
}

function accountOf(
  { id, name, kind, grants, passwordHash, totp, oidc }: PersonConfig,
  { secretOf }: Pick<Config, 'secretOf'>,
): Account {
  return {
    id,
    name,
    kind,
    grants,
    ...(passwordHash !== undefined && { passwordHash }),
    ...(totp !== undefined && { passcodeSecret: () => secretOf(totp) }),
    ...(typeof oidc === 'object' && { oidcSubject: oidc.subject }),
  };
}

function settingsOf(
  { clientSecret, ...settings }: OidcConfig,
  { secretOf }: Pick<Config, 'secretOf'>,
): OidcSettings {
  return { ...settings, ...(clientSecret !== undefined && { clientSecret: () => secretOf(clientSecret) }) };
}
