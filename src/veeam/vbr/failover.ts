import type { CommandOptions } from '../calls.ts';
import { vbrPageOf } from '../schemas/vbr-page.ts';
import { vbrSession } from '../schemas/vbr-session.ts';
import type { VbrCalls } from './calls.ts';
import { requireIds } from './require-ids.ts';
import type { VbrSession } from './types.ts';

export type FailoverSpec = {
  /** One point for each VM. */
  readonly replicaPointIds: readonly string[];
  /** Shown in VBR's console. */
  readonly reason?: string;
};

/**
 * Failover of vSphere replicas. Each answers the sessions it started, one for each point: watch them until they stop.
 * API version 1.1-rev0 has none of these: veeam.badInput, before anything is sent.
 */
export interface Failover {
  /** At once, whatever state the source is in; what was written since the point is lost. */
  now(spec: FailoverSpec, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** The source is copied once more and shut down first, so nothing is lost. */
  planned(spec: FailoverSpec, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** Makes the replica the machine for good. Cannot be undone. */
  permanent(spec: FailoverSpec, options?: CommandOptions): Promise<readonly VbrSession[]>;
  /** Back to the source; what was written on the replica meanwhile is lost. */
  undo(spec: FailoverSpec, options?: CommandOptions): Promise<readonly VbrSession[]>;
}

type FailoverVerb = `failover.${keyof Failover}`;

/** The answer of everything that starts sessions. */
export const startedSessions = vbrPageOf(vbrSession).transform(({ data }) => data);

export function failover(calls: VbrCalls): Failover {
  const start =
    (verb: FailoverVerb): Failover[keyof Failover] =>
    async (spec, options) => {
      requireIds(calls, verb, { replicaPointIds: spec.replicaPointIds });
      return calls.command(verb, { body: spec, schema: startedSessions }, options);
    };

  return {
    now: start('failover.now'),
    planned: start('failover.planned'),
    permanent: start('failover.permanent'),
    undo: start('failover.undo'),
  };
}
