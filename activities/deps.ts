import type { Stores } from '../src/store/index.ts';
import type { VbrClient, VroClient } from '../src/veeam/index.ts';
import type { Verified } from '../src/model/vote.ts';

/** A VRO server that a connection names, and how patient to be with it. */
export interface VroConnection {
  readonly name: string;
  readonly client: VroClient;
  /** Between two looks at a plan, in milliseconds. */
  readonly pollMs: number;
  /** How late the effect of a request may show after it was sent, in milliseconds. */
  readonly effectLagMs: number;
}

/** A VBR server that a connection names. */
export interface VbrConnection {
  readonly name: string;
  readonly client: VbrClient;
  readonly effectLagMs: number;
}

/** What a person may do, by the configuration as it is now. */
export interface PersonNow {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Everything activities act through, injected by the worker. */
export interface Deps {
  readonly stores: Stores;
  /** @throws StepError `connection.unknown` */
  vro(name: string | undefined): VroConnection;
  /** @throws StepError `connection.unknown` */
  vbr(name: string | undefined): VbrConnection;
  /** The person with this id, or undefined when the configuration does not know one. */
  person(id: string): PersonNow | undefined;
  /** Looks at a signature. `at` is the time for which the vote must be valid, in milliseconds; default now. */
  verifyVote(jws: string, options?: { readonly at?: number }): Promise<Verified>;
  /** Whether checks may reach this host and port. */
  mayCheck(host: string, port: number): boolean;
  readonly policy: {
    /** Targets that a drill may touch without an approval: `connection/plan/<name or id>`. */
    readonly drillAllow: readonly string[];
    /** Runbooks whose live runs need no approval. */
    readonly unattended: readonly string[];
  };
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Monotonic clock, milliseconds. */
  monotonic(): number;
}
