/** What the servers said of what a gate is about, when it opened. Times are milliseconds since 1970. */
export interface GateFacts {
  readonly at: number;
  readonly plans: readonly PlanFacts[];
  readonly machines: readonly MachineFacts[];
  /** How many machines there are beside those. */
  readonly more: number;
  /** What could not be found out, as sentences. */
  readonly unknown: readonly string[];
}

/** A plan, as VRO shows it. */
export interface PlanFacts {
  /** `connection/plan/id` */
  readonly target: string;
  readonly name: string;
  /** VRO's own name of where it stands. */
  readonly state: string;
  /** What VRO's last readiness check came to: `Success`, `Warning`, `Error`; absent when VRO knows of none. */
  readonly check?: string;
  /** What VRO says of the plan's verification, such as `Verified`. */
  readonly verification: string;
  readonly machines: number;
}

/** A machine that is concerned. */
export interface MachineFacts {
  readonly name: string;
  readonly isCritical: boolean;
  /** When its newest restore point was made, as Veeam ONE knows it. */
  readonly newestPoint?: number;
}
