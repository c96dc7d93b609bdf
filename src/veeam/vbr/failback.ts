import type { CommandOptions } from '../calls.ts';
import type { VbrCalls } from './calls.ts';
import type { FailbackMode, FailbackSpec } from './failback-spec.ts';
import { startedSessions } from './failover.ts';
import { requireIds } from './require-ids.ts';
import type { VbrSession } from './types.ts';

/** One point for each VM. */
export type ReplicaPointIds = { readonly replicaPointIds: readonly string[] };

/**
 * The way back to production, of vSphere replicas that are failed over. Where sessions are answered, there is one
 * for each point: watch them until they stop. API version 1.1-rev0 has none of these: veeam.badInput.
 */
export interface Failback {
  /** Copies the changes back; what happens then is the `failbackMode`'s choice. */
  start(spec: FailbackSpec, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** Switches to the production VM, where the replica is `ReadyToSwitch`. */
  switchToProduction(spec: ReplicaPointIds, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** Changes when the switch happens. Takes effect at once, there is no session. */
  changeSwitchoverTime(
    spec: ReplicaPointIds & { readonly failbackMode: FailbackMode },
    options?: CommandOptions,
  ): Promise<void>;
  /** Ends the failback for good: replication runs again. Cannot be undone. */
  commit(spec: ReplicaPointIds, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** Back to the replica. */
  undo(spec: ReplicaPointIds, options?: CommandOptions): Promise<readonly VbrSession[]>;
}

type SessionVerb = `failback.${Exclude<keyof Failback, 'changeSwitchoverTime'>}`;

export function failback(calls: VbrCalls): Failback {
  const start =
    (verb: SessionVerb) =>
    async (spec: ReplicaPointIds, options?: CommandOptions): Promise<readonly VbrSession[]> => {
      requireIds(calls, verb, { replicaPointIds: spec.replicaPointIds });
      return calls.command(verb, { body: spec, schema: startedSessions }, options);
    };

  return {
    start: start('failback.start'),
    switchToProduction: start('failback.switchToProduction'),
    changeSwitchoverTime: async (spec, options) => {
      const verb = 'failback.changeSwitchoverTime';
      requireIds(calls, verb, { replicaPointIds: spec.replicaPointIds });
      return calls.command(verb, { body: spec, result: () => undefined }, options);
    },
    commit: start('failback.commit'),
    undo: start('failback.undo'),
  };
}
