import { assertMay, type Identity, type PersonNow } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import type { IdentityEvent } from '../store/index.ts';

/** Who there is. Every operation throws IdentityError `identity.notAllowed` when the actor may not. */
export interface PeopleDesk {
  /** Everybody, those of the configuration first. */
  list(): Promise<readonly PersonNow[]>;
  /** Takes everything from somebody at once. @throws IdentityError `identity.unknownPerson`, `identity.badRequest` */
  revoke(request: { readonly person: string; readonly reason: string }): Promise<void>;
  /** Lets somebody in again; sessions and tokens stay ended. @throws IdentityError `identity.badRequest` */
  reinstate(request: { readonly person: string }): Promise<void>;
  /** The record of sign-ins, tokens and revocations, newest first. */
  events(request?: { readonly person?: string; readonly limit?: number }): Promise<readonly IdentityEvent[]>;
}

/** The people, for whoever acts. */
export function createPeopleDesk({
  identity,
  actor,
}: {
  readonly identity: Pick<Identity, 'people' | 'revoke' | 'reinstate' | 'events'>;
  readonly actor: () => Promise<Actor>;
}): PeopleDesk {
  return {
    async list() {
      assertMay(await actor(), 'people.read');
      return identity.people();
    },
    // These ask the table themselves.
    revoke: async (request) => identity.revoke(await actor(), request),
    reinstate: async (request) => identity.reinstate(await actor(), request),
    events: async (request) => identity.events(await actor(), request),
  };
}
