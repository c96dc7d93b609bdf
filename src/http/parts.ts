import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../identity/index.ts';
import type { LocalMuster } from '../client/in-process.ts';
import type { Actor } from '../model/actor.ts';
import type { DraftStore } from '../store/index.ts';

/** What the server is made of. */
export interface HttpParts {
  readonly identity: Identity;
  /** The operations for somebody. */
  readonly musterFor: (actor: Actor) => LocalMuster;
  /** Whether everything that muster needs can be reached. */
  readonly health: () => Promise<Health>;
  readonly version: string;
  /**
   * Where people reach it: `https://muster.example`; absent: where it listens. Decides about cookies, which pages are our own,
   * and where the identity provider sends back to.
   */
  readonly publicUrl?: string;
  /** What it listens on: an address or a name of this machine. Default `127.0.0.1`. */
  readonly host?: string;
  /** Whether a reverse proxy stands before it, whose word about addresses is taken. Default false. */
  readonly trustProxy?: boolean;
  /** Whether names are believed here (`signIn.trustLocal`): then a browser on this machine chooses one. */
  readonly trustedPeople: readonly { readonly id: string; readonly name: string }[];
  /** PEM of the certificate and its key; absent: without TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether people can sign in at an identity provider. */
  readonly hasProvider: boolean;
  /** Whether votes of this person count only with a fresh login at the identity provider. */
  readonly needsProof: (actor: Actor) => boolean;
  /** Votes that wait for that login. */
  readonly drafts: DraftStore;
  /** What muster itself failed at goes here; a client is only told that it did. Absent: nowhere. */
  readonly logger?: FastifyBaseLogger;
  /** How long a request may take to arrive. Default 30 s. */
  readonly requestLimitMs?: number;
}

export interface Health {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, 'ok' | 'away'>>;
}

/** Whether browsers reach it over TLS: then cookies go no other way. */
export function isSecure({ publicUrl, tls }: Pick<HttpParts, 'publicUrl' | 'tls'>): boolean {
  return tls !== undefined || publicUrl?.startsWith('https:') === true;
}
