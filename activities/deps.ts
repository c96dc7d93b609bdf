import type { PersonNow } from '../src/identity/index.ts';
import type { Stores, WriteAhead } from '../src/store/index.ts';
import type { EmergencyRules } from '../src/model/emergency.ts';
import type { PlanPosition } from '../src/catalog/index.ts';
import type { Verified } from '../src/model/vote.ts';
import type { OneClient, VbrClient, VroClient } from '../src/veeam/index.ts';
import type { Channels } from './notify/channel.ts';
import type { PlanPoller } from './vro/plan-poller.ts';

/** A VRO server that a connection names, and how patient to be with it. */
export interface VroConnection {
  readonly name: string;
  readonly client: VroClient;
  /** Between two looks at a plan, in milliseconds. */
  readonly pollMs: number;
  /** How late the effect of a request may show after it was sent, in milliseconds. */
  readonly effectLagMs: number;
  /** Shared by all runs of this worker. */
  readonly poller: PlanPoller;
  /** What the configuration says of state codes, over what the catalog knows. */
  readonly states: Readonly<Record<string, PlanPosition>>;
}

/** A VBR server that a connection names. Times as in {@link VroConnection}. */
export interface VbrConnection {
  readonly name: string;
  /** Its host, for whoever has to reach it from a machine that is being recovered. */
  readonly host?: string;
  readonly client: VbrClient;
  readonly pollMs: number;
  readonly effectLagMs: number;
}

/** A Veeam ONE server that a connection names. Times as in {@link VroConnection}. */
export interface OneConnection {
  readonly name: string;
  readonly client: OneClient;
  readonly pollMs: number;
  readonly effectLagMs: number;
}

/** What a worker has instead of the store. */
export interface GoesOn {
  readonly file: WriteAhead;
  /** The same, over what this worker has read before, and the file. It asks the store first where that can do no harm. */
  readonly away: Deps;
}

/** Everything activities act through, injected by the worker. */
export interface Deps {
  readonly stores: Stores;
  /** @throws StepError `connection.unknown` */
  vro(name: string | undefined): VroConnection;
  /** @throws StepError `connection.unknown` */
  vbr(name: string | undefined): VbrConnection;
  /** @throws StepError `connection.unknown` */
  one(name: string | undefined): OneConnection;
  /** A person as they are at this moment; undefined for an id that nobody has or had. */
  person(id: string): Promise<PersonNow | undefined>;
  /** Whether somebody lets another answer in their place at a time (milliseconds since 1970). */
  isDelegated(asked: { readonly from: string; readonly to: string; readonly at: number }): Promise<boolean>;
  /** Whether votes of this person have to be signed by the identity provider, too. */
  needsProof(person: PersonNow): boolean;
  /** Whom an ID token with this nonce proves; undefined when it proves nothing. */
  proofOf(
    idToken: string,
    asked: { readonly nonce: string; readonly now: number },
  ): Promise<string | undefined>;
  /** Looks at a signature. `at` is the time for which the vote must be valid, in milliseconds; default now. */
  verifyVote(jws: string, options?: { readonly at?: number }): Promise<Verified>;
  /** The ways to tell people; without them nobody can be told. */
  readonly channels?: Channels;
  /** Whether checks may reach this host and port. */
  mayCheck(host: string, port: number): boolean;
  readonly policy: {
    /** Targets that a drill may touch without an approval: `connection/plan/<name or id>`. */
    readonly drillAllow: readonly string[];
    /** Runbooks whose live runs need no approval. */
    readonly unattended: readonly string[];
    /** Absent: nowhere. */
    readonly emergency?: EmergencyRules;
  };
  /** How a live run goes on while the store is away; absent: it does not. */
  readonly ahead?: GoesOn;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Monotonic clock, milliseconds. */
  monotonic(): number;
}
