import { SimulatorError } from '../errors.ts';
import type { Chain, Inventory, ProtectedVm } from './inventory.ts';
import type { ReplicaState } from './replica-moves.ts';
import type { Pause, RestorePoint } from './rhythm.ts';
import { ordinalOf, pointsOf } from './rhythm.ts';

/** The replica of one VM, as it is now. */
export interface Replica {
  readonly id: string;
  readonly vm: ProtectedVm;
  readonly chain: Chain;
  readonly state: ReplicaState;
  /** When it was made, in simulated milliseconds. */
  readonly createdAt: number;
}

export interface ReplicaPoint extends RestorePoint {
  readonly replica: Replica;
}

/** The replicas and their restore points, as everything that happened so far has left them. */
export interface Replicas {
  list(): readonly Replica[];
  /** By the id of the replica, or the name or UID of its VM; undefined when there is none. */
  find(key: string): Replica | undefined;
  /** Throws `UNKNOWN_REPLICA`. */
  get(id: string): Replica;
  /** Its points, newest first, as they are or were `at` a moment. While it is not `Ready`, no new ones are made. */
  points(replica: Replica, at?: number): ReplicaPoint[];
  /** Throws `UNKNOWN_REPLICA_POINT`, also for one that retention has removed. */
  point(id: string): ReplicaPoint;
  /** How many replicas are in which state; `Ready` ones are not counted one by one. */
  counts(): Readonly<{ total: number; notReady: Readonly<Partial<Record<ReplicaState, number>>> }>;
}

/** When a prepared failback switches over: by itself at a time, or when somebody says so. */
export type Switchover = Readonly<{ type: 'Scheduled'; at: number }> | Readonly<{ type: 'Manual' }>;

/** What has happened to a replica. One to which nothing has happened has no record. */
export interface ReplicaRecord {
  readonly state: ReplicaState;
  /** The times in which its job made no points. The last one is open while it is not `Ready`. */
  readonly pauses: readonly Pause[];
  readonly switchover: Switchover | undefined;
}

const UNTOUCHED: ReplicaRecord = { state: 'Ready', pauses: [], switchover: undefined };
/** Replicas are older than anything that happens in the simulation; each a minute older than the one before. */
const FIRST_REPLICA_AGE_MS = 30 * 24 * 3_600_000;
const MINUTE_IN_MS = 60_000;

/** The records of all replicas. */
export interface ReplicaStore {
  record(id: string): ReplicaRecord;
  /** Puts a replica into a state from `at` on. */
  put(id: string, state: ReplicaState, at: number, switchover?: Switchover): void;
  /** Ids of the replicas to which something has happened. */
  touched(): Iterable<string>;
}

export function createReplicaStore(): ReplicaStore {
  const records = new Map<string, ReplicaRecord>();
  const record = (id: string): ReplicaRecord => records.get(id) ?? UNTOUCHED;
  return {
    record,
    touched: () => records.keys(),
    put: (id, state, at, switchover) => {
      const { state: before, pauses } = record(id);
      const last = pauses.at(-1);
      const began = before === 'Ready' && state !== 'Ready';
      const ended = before !== 'Ready' && state === 'Ready' && last !== undefined;
      records.set(id, {
        state,
        switchover,
        pauses: began
          ? [...pauses, { from: at, to: Infinity }]
          : ended
            ? [...pauses.slice(0, -1), { from: last.from, to: at }]
            : pauses,
      });
    },
  };
}

/** The replicas as the outside sees them. `look` brings the records up to the time it answers, `now` only tells it. */
export function replicasOf({
  inventory,
  store,
  now,
  look,
}: {
  inventory: Inventory;
  store: ReplicaStore;
  now: () => number;
  look: () => number;
}): Replicas {
  const replicated = inventory.vms.filter(({ replica }) => replica !== undefined);
  const replicaOf = (vm: ProtectedVm | undefined): Replica | undefined =>
    vm?.replica === undefined
      ? undefined
      : {
          id: vm.replica.id,
          vm,
          chain: vm.replica,
          state: store.record(vm.replica.id).state,
          createdAt: inventory.start - FIRST_REPLICA_AGE_MS - vm.number * MINUTE_IN_MS,
        };
  const pointsAt = (replica: Replica, at: number): ReplicaPoint[] =>
    pointsOf(replica.chain, {
      start: inventory.start,
      now: at,
      pauses: store.record(replica.id).pauses,
    }).map((point) => ({
      at: point.at,
      replica,
      get id() {
        return point.id;
      },
    }));

  return {
    list: () => {
      look();
      return replicated.flatMap((vm) => replicaOf(vm) ?? []);
    },
    find: (key) => {
      look();
      return replicaOf(inventory.vm(key));
    },
    get: (id) => {
      look();
      const replica = replicaOf(inventory.vm(id));
      if (replica?.id === id.toLowerCase()) return replica;
      throw new SimulatorError('UNKNOWN_REPLICA', `There is no replica with the id ${id}.`);
    },
    points: (replica, at = now()) => pointsAt(replica, at),
    point: (id) => {
      const at = look();
      const ordinal = ordinalOf(id.toLowerCase());
      const replica = ordinal === undefined ? undefined : replicaOf(inventory.vmAt(ordinal));
      const point =
        replica === undefined ? undefined : pointsAt(replica, at).find((one) => one.id === id.toLowerCase());
      if (point !== undefined) return point;
      throw new SimulatorError(
        'UNKNOWN_REPLICA_POINT',
        `There is no replica restore point with the id ${id}.`,
      );
    },
    counts: () => {
      look();
      const notReady: Partial<Record<ReplicaState, number>> = {};
      for (const id of store.touched()) {
        const { state } = store.record(id);
        if (state !== 'Ready') notReady[state] = (notReady[state] ?? 0) + 1;
      }
      return { total: replicated.length, notReady };
    },
  };
}
