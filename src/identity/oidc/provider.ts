import * as client from 'openid-client';
import { IdentityError } from '../identity-error.ts';
import { PROVIDER_LIMIT_MS, type OidcSettings } from './settings.ts';

/** What a provider says about itself is asked again after this. */
const DESCRIPTION_MS = 60 * 60_000;

/** What a login is sent off with, and what its answer is checked against. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  /** PKCE: what the code is exchanged with. */
  readonly verifier: string;
}

/** The way to an identity provider: its description, sending somebody there, and taking them back. */
export class Provider {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  #described: { readonly configuration: client.Configuration; readonly at: number } | undefined;

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Where the provider lists its keys. @throws IdentityError `identity.providerUnavailable` */
  async keysAddress(): Promise<string> {
    const address = (await this.#configuration()).serverMetadata().jwks_uri;
    if (address === undefined || !isSafe(address)) {
      throw unavailable(this.#settings, 'It does not say where its keys are, or says a place without TLS.');
    }
    return address;
  }

  /**
   * Where to send somebody who is to sign in.
   *
   * @param options.again the provider must ask them again, even when they are signed in there
   * @throws IdentityError `identity.providerUnavailable`
   */
  async loginAddress(
    { state, nonce, verifier }: LoginSecrets,
    { redirectUri, again }: { readonly redirectUri: string; readonly again: boolean },
  ): Promise<string> {
    const configuration = await this.#configuration();
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.#settings.scopes.join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login', max_age: '0' }),
    });
    return address.href;
  }

  /**
   * Exchanges what the provider sent along for an ID token. Its signature is still to be checked.
   *
   * @throws IdentityError `identity.loginRefused`, `identity.badToken`, `identity.providerUnavailable`
   */
  async idToken(cameBackTo: URL, { state, nonce, verifier }: LoginSecrets): Promise<string> {
    const configuration = await this.#configuration();
    try {
      const answer = await client.authorizationCodeGrant(configuration, cameBackTo, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return answer.id_token ?? '';
    } catch (cause) {
      throw this.#translated(cause);
    }
  }

  async #configuration(): Promise<client.Configuration> {
    const known = this.#described;
    if (known !== undefined && this.#now() - known.at < DESCRIPTION_MS) return known.configuration;
    const { issuer, clientId, clientSecret, clockToleranceMs } = this.#settings;
    const address = new URL(issuer);
    // Read here, so that a secret that is missing is told as such.
    const secret = await clientSecret?.();
    try {
      const configuration = await client.discovery(
        address,
        clientId,
        { [client.clockTolerance]: Math.ceil(clockToleranceMs / 1_000) },
        authentication(secret),
        {
          timeout: PROVIDER_LIMIT_MS / 1_000,
          // Only this machine itself may be without TLS; the configuration was checked for it.
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is marked so to stand out, not to go
          ...(address.protocol === 'http:' && { execute: [client.allowInsecureRequests] }),
        },
      );
      this.#described = { configuration, at: this.#now() };
      return configuration;
    } catch (cause) {
      // What it said before still holds while it cannot be asked.
      if (known !== undefined) return known.configuration;
      throw unavailable(
        this.#settings,
        'Check that it runs and can be reached from here, and how it spells itself.',
        cause,
      );
    }
  }

  #translated(cause: unknown): IdentityError {
    const isOurs = cause instanceof client.ResponseBodyError && cause.error === 'invalid_client';
    if (isOurs || cause instanceof client.WWWAuthenticateChallengeError) {
      return unavailable(this.#settings, 'It does not take the client id or the client secret of muster.');
    }
    if (cause instanceof client.AuthorizationResponseError || cause instanceof client.ResponseBodyError) {
      const why = cause.error.replaceAll(/[^\w. -]/g, '').slice(0, 60);
      return new IdentityError(
        'identity.loginRefused',
        `The identity provider refused the login (${why}). Sign in again.`,
      );
    }
    const code = cause instanceof client.ClientError ? (cause.code ?? '') : '';
    if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || cause instanceof TypeError) {
      return unavailable(this.#settings, 'Try again in a moment.', cause);
    }
    return new IdentityError(
      'identity.badToken',
      `What the identity provider answered is no valid login (${code === '' ? 'unknown' : code}). Sign in again.`,
    );
  }
}

/** As the provider supports it: in a header where it can, as the standard prefers. */
function authentication(secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest): void => {
    const { token_endpoint_auth_methods_supported: supported } = server;
    const useBasic = supported?.includes('client_secret_basic') ?? true;
    (useBasic ? basic : post)(server, ...rest);
  };
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

function unavailable({ issuer }: OidcSettings, advice: string, cause?: unknown): IdentityError {
  const message = `The identity provider ${issuer} cannot be used now. ${advice}`;
  return new IdentityError('identity.providerUnavailable', message, { cause });
}
