import type { RevealRefusal } from '../model/secrets.ts';

/** A secret that a run was given and must not see. */
export interface KeptSecret {
  /** The first execution id of the run. */
  readonly run: string;
  readonly runId: string;
  readonly runbook: string;
  readonly path: string;
  readonly kind: 'recoveryToken';
  /** The id of the secret in the system that issued it. */
  readonly id: string;
  /** The connection to the system that issued it. */
  readonly connection: string;
  /** Where that system is: a host, for whoever recovers a machine. */
  readonly server?: string;
  /** What that system calls it. */
  readonly name: string;
  /** The machines that it is for, as far as they are known. */
  readonly machines: readonly string[];
  /** The role of those who may see it. */
  readonly revealTo: string;
  readonly value: string;
  /** ISO time. */
  readonly expires?: string;
}

/** What may be known of a kept secret. Times are milliseconds since 1970. */
export interface SecretRecord extends Omit<KeptSecret, 'value' | 'expires'> {
  /** The first 16 hex digits of the SHA-256 of its value. */
  readonly fingerprint: string;
  readonly keptAt: number;
  readonly expiresAt?: number;
  /** How often it was revealed, and how often it may be. */
  readonly reveals: number;
  readonly mayReveal: number;
  /** Where it is, when it is not in the store: an address in Vault. */
  readonly elsewhere?: string;
  /** It was revoked at the server that issued it. */
  readonly revokedAt?: number;
  /** Nobody has it here any more. */
  readonly purgedAt?: number;
}

/** Names a secret of a system. */
export type SecretName = Pick<KeptSecret, 'connection' | 'id'>;

/** Who asks to see a secret. */
export interface RevealRequest {
  readonly id: string;
  readonly actor: string;
}

export type Revealed =
  | { readonly value: string; readonly time: number; readonly record: SecretRecord }
  | { readonly refused: Exclude<RevealRefusal, 'notAllowed'> | 'notFound' };

/** Where secrets go that are issued during a run. */
export interface SecretSink {
  /**
   * Nothing when a secret could be kept now. Asked before one is issued: afterwards it would be too late.
   *
   * @throws SecretError; StoreError `store.unavailable`
   */
  prepare(): Promise<void>;
  /**
   * Keeps a secret, durably when it returns; the same again is fine.
   *
   * @returns the first 16 hex digits of the SHA-256 of its value: what the run may see
   * @throws SecretError; StoreError `store.unavailable`
   */
  keep(secret: KeptSecret): Promise<{ readonly fingerprint: string }>;
  /** Notes that a secret is valid until another time; one that is not there is fine. @throws StoreError */
  extend(secret: SecretName & { readonly expires: string }): Promise<void>;
  /** Purges a secret that was revoked; one that is not there is fine. @throws StoreError `store.unavailable` */
  forget(secret: SecretName): Promise<void>;
}

/** Secrets that runs were given: sealed until somebody may see them, and purged when they are worth nothing any more. */
export interface SecretStore extends SecretSink {
  find(id: string): Promise<SecretRecord | undefined>;
  /** The newest first. `runId`: of one run only. */
  list(request?: { readonly runId?: string; readonly limit?: number }): Promise<readonly SecretRecord[]>;
  /**
   * Opens a secret, counts it, and enters it in the ledger: all three, or none. A refusal is entered as well.
   *
   * @throws SecretError `secret.keyUnknown`, `secret.corrupt`: then it does not count
   */
  reveal(request: RevealRequest): Promise<Revealed>;
  /** Enters that somebody who may not asked for a secret. */
  refuse(request: RevealRequest): Promise<void>;
  /** Purges what has expired or was revoked. @returns how many */
  purge(asOf: number): Promise<number>;
  /** Puts the keys of all secrets under the newest envelope key. @throws SecretError `secret.badKey` */
  rewrap(): Promise<Rewrapped>;
  /** Keeps the record of a secret that somebody else keeps. @throws as `keep` */
  note(secret: KeptSecret, elsewhere: string): Promise<{ readonly fingerprint: string }>;
  /** Secrets elsewhere that have expired or were revoked, and are not purged: some at a time, by id, behind `after`. */
  due(asOf: number, after?: string): Promise<readonly SecretRecord[]>;
  /** Notes that a secret elsewhere is gone. */
  purged(secret: SecretName): Promise<void>;
}

export interface Rewrapped {
  /** The id of the key that all are under now. */
  readonly keyId: string;
  readonly rewrapped: number;
  /** Ids of secrets that no key here opens. */
  readonly left: readonly string[];
}
