import { z } from 'zod';
import type { PeopleStore, ProviderKey } from '../../store/index.ts';
import { IdentityError } from '../identity-error.ts';
import { fetchJson } from './fetch-json.ts';

/** How long the provider's list of keys is believed without asking again. */
const FRESH_MS = 5 * 60_000;
/** Somebody who sends made-up key ids must not make us ask the provider each time. */
const ASK_AGAIN_MS = 10_000;
const MAX_KEYS = 100;

/** Parts of a public key that are kept; anything private that a provider publishes by mistake is dropped. */
const publicKey = z.object({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: z.string().min(1).max(200),
  use: z.literal('sig').exactOptional(),
  alg: z.string().max(20).exactOptional(),
  n: z.string().exactOptional(),
  e: z.string().exactOptional(),
  crv: z.string().exactOptional(),
  x: z.string().exactOptional(),
  y: z.string().exactOptional(),
});
export type PublicJwk = z.output<typeof publicKey>;
const keySet = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });

/** The keys that a provider signs with: as it lists them now, and as they were kept. */
export class ProviderKeys {
  readonly #issuer: string;
  readonly #addressOf: () => Promise<string>;
  readonly #store: PeopleStore;
  readonly #now: () => number;
  #listed: { readonly keys: readonly PublicJwk[]; readonly at: number } | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;
  #asking: Promise<readonly PublicJwk[]> | undefined;

  /** @param options.addressOf where the provider lists its keys */
  constructor({
    issuer,
    addressOf,
    store,
    now,
  }: {
    readonly issuer: string;
    readonly addressOf: () => Promise<string>;
    readonly store: PeopleStore;
    readonly now: () => number;
  }) {
    this.#issuer = issuer;
    this.#addressOf = addressOf;
    this.#store = store;
    this.#now = now;
  }

  /** This machine's time. */
  clock(): number {
    return this.#now();
  }

  /**
   * The key with this id that the provider lists now, or undefined when it lists none.
   *
   * @throws IdentityError `identity.providerUnavailable`
   */
  async listed(kid: string): Promise<PublicJwk | undefined> {
    const known = this.#listed;
    const age = known === undefined ? Infinity : this.#now() - known.at;
    const found = known?.keys.find((key) => key.kid === kid);
    if (found !== undefined && age < FRESH_MS) return found;
    if (found === undefined && age < ASK_AGAIN_MS) return undefined;
    return (await this.#ask()).find((key) => key.kid === kid);
  }

  /** The key with this id as it was kept. */
  async kept(kid: string): Promise<{ readonly jwk: PublicJwk; readonly lastSeenAt: number } | undefined> {
    const found = (await this.#store.providerKeys(this.#issuer)).find((key) => key.kid === kid);
    const jwk = publicKey.safeParse(found?.jwk);
    return found === undefined || !jwk.success ? undefined : { jwk: jwk.data, lastSeenAt: found.lastSeenAt };
  }

  /** Of those who ask at once only one does. A provider that did not answer is left alone for a moment. */
  async #ask(): Promise<readonly PublicJwk[]> {
    if (this.#failed !== undefined && this.#now() - this.#failed.at < ASK_AGAIN_MS) throw this.#failed.error;
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(): Promise<readonly PublicJwk[]> {
    try {
      const read = keySet.safeParse(await fetchJson(await this.#addressOf()));
      if (!read.success) {
        throw new IdentityError(
          'identity.providerUnavailable',
          `What ${this.#issuer} publishes as its keys is no list of keys.`,
        );
      }
      // Keys of other kinds, for encryption and without id are none of ours.
      const keys = read.data.keys.flatMap((each) => publicKey.safeParse(each).data ?? []);
      const at = this.#now();
      await this.#store.keepProviderKeys(keys.map((jwk) => keptKey(this.#issuer, jwk, at)));
      this.#listed = { keys, at };
      this.#failed = undefined;
      return keys;
    } catch (error) {
      this.#failed = { error, at: this.#now() };
      throw error;
    }
  }
}

function keptKey(issuer: string, jwk: PublicJwk, at: number): ProviderKey {
  return { issuer, kid: jwk.kid, jwk, firstSeenAt: at, lastSeenAt: at };
}
