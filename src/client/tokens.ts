import type { Identity, ListedToken, MadeToken, NewToken } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';

/** API tokens. Every operation throws IdentityError `identity.notAllowed` when the actor may not. */
export interface TokenDesk {
  /** Makes a token, shown this once. @throws IdentityError `identity.badRequest`, `identity.unknownPerson` */
  make(request: NewToken): Promise<MadeToken>;
  /** One's own, or with `everybody` all there are; also those that ended. */
  list(request?: { readonly everybody?: boolean }): Promise<readonly ListedToken[]>;
  /** @throws IdentityError `identity.badRequest` when there is no such token, or it has ended */
  end(request: { readonly id: string }): Promise<void>;
}

/** The tokens, for whoever acts. */
export function createTokenDesk({
  identity,
  actor,
}: {
  readonly identity: Pick<Identity, 'tokens'>;
  readonly actor: () => Promise<Actor>;
}): TokenDesk {
  const { tokens } = identity;
  return {
    // These ask the table themselves.
    make: async (request) => tokens.make(await actor(), request),
    async list({ everybody = false } = {}) {
      const by = await actor();
      return tokens.list(by, everybody ? {} : { person: by.person });
    },
    end: async ({ id }) => tokens.end(await actor(), id),
  };
}
