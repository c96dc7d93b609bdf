import type { CallOptions, CommandOptions } from '../calls.ts';
import { replica, replicaPoint } from '../schemas/replica.ts';
import { vbrSession } from '../schemas/vbr-session.ts';
import type { VbrCalls } from './calls.ts';
import { vbrCollection } from './collection.ts';
import type { VbrCollection } from './collection.ts';
import { requireIds } from './require-ids.ts';
import type { Replica, ReplicaPoint, VbrSession } from './types.ts';

export type ReplicaFilters = {
  readonly nameFilter?: string;
  readonly createdAfterFilter?: string;
  readonly createdBeforeFilter?: string;
  readonly platformIdFilter?: string;
  readonly jobIdFilter?: string;
  readonly policyTagFilter?: string;
  readonly stateFilter?: NonNullable<Replica['state']>;
};

export type ReplicaPointFilters = {
  readonly nameFilter?: string;
  readonly createdAfterFilter?: string;
  readonly createdBeforeFilter?: string;
  readonly platformNameFilter?: string;
  readonly platformIdFilter?: string;
  readonly replicaIdFilter?: string;
};

type ReplicaColumn = 'Name' | 'CreationTime' | 'PlatformId' | 'JobId' | 'PolicyTag' | 'State';
type PointColumn = 'CreationTime' | 'PlatformId' | 'ReplicaId' | 'Name';

/** The replicas that the server's jobs keep. */
export interface Replicas extends VbrCollection<Replica, ReplicaColumn, ReplicaFilters> {
  get(id: string, options?: CallOptions): Promise<Replica>;
  /** Makes the server look at the replicas anew; the session it starts tells when it is done. */
  rescan(replicaIds: readonly string[], options?: CommandOptions): Promise<VbrSession>;
}

/** Restore points of replicas. */
export interface ReplicaPoints extends VbrCollection<
  ReplicaPoint,
  PointColumn,
  ReplicaPointFilters & { readonly malwareStatusFilter?: NonNullable<ReplicaPoint['malwareStatus']> }
> {
  get(id: string, options?: CallOptions): Promise<ReplicaPoint>;
  /** The points of one replica. */
  of(replicaId: string): VbrCollection<ReplicaPoint, PointColumn, ReplicaPointFilters>;
  /** One point of one replica; veeam.notFound when the point belongs to another. */
  getOf(replicaId: string, id: string, options?: CallOptions): Promise<ReplicaPoint>;
}

export function replicas(calls: VbrCalls): Replicas {
  return {
    ...vbrCollection(calls, { verb: 'replicas.list', item: replica }),
    get: (id, options) => calls.read('replicas.get', { params: { id }, schema: replica }, options),
    rescan: async (replicaIds, options) => {
      requireIds(calls, 'replicas.rescan', { replicaIds });
      return calls.command('replicas.rescan', { body: { replicaIds }, schema: vbrSession }, options);
    },
  };
}

export function replicaPoints(calls: VbrCalls): ReplicaPoints {
  return {
    ...vbrCollection(calls, { verb: 'replicaPoints.list', item: replicaPoint }),
    get: (id, options) => calls.read('replicaPoints.get', { params: { id }, schema: replicaPoint }, options),
    of: (replicaId) =>
      vbrCollection(calls, {
        verb: 'replicaPoints.of',
        item: replicaPoint,
        params: { id: replicaId },
      }),
    getOf: (replicaId, id, options) =>
      calls.read('replicaPoints.getOf', { params: { replicaId, id }, schema: replicaPoint }, options),
  };
}
