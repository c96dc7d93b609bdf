import type { Clock } from '../clock.ts';
import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import type { ScenarioSpec } from '../scenario.ts';
import type { Alarms } from './alarms.ts';
import { createAlarms } from './alarms.ts';
import { createInventory } from './build-inventory.ts';
import { createCourse } from './course.ts';
import type { Inventory } from './inventory.ts';
import type { Plans } from './plans.ts';
import type { Move, ReplicaState } from './replica-moves.ts';
import { MOVES } from './replica-moves.ts';
import type { Replica, ReplicaPoint, Replicas, Switchover } from './replicas.ts';
import { createReplicaStore, replicasOf } from './replicas.ts';
import type { SessionTrouble } from './session-troubles.ts';
import { createSessionTroubles } from './session-troubles.ts';
import type { SessionNow, Sessions } from './sessions.ts';
import { createSessionStore, sessionAt, sessionsOf } from './sessions.ts';

/** What is asked of VBR for a number of replicas. */
export interface MoveRequest {
  readonly move: Move;
  readonly pointIds: readonly string[];
  readonly reason?: string | undefined;
  /** How a prepared failback goes on. Default: when somebody says so. */
  readonly switchover?: Switchover | undefined;
}

/** Replicas, sessions and alarms: what protects the VMs, and what happens to it. */
export interface Protection {
  readonly inventory: Inventory;
  readonly replicas: Replicas;
  readonly sessions: Sessions;
  readonly alarms: Alarms;
  /**
   * Starts one session per replica point, or none at all. Throws `UNKNOWN_REPLICA_POINT`, and `ILLEGAL_ACTION` when one
   * of the replicas does not allow it or is named twice.
   */
  start(request: MoveRequest): readonly SessionNow[];
  /** Starts a rescan of replicas, of all when none is named; it finds nothing new. Throws `UNKNOWN_REPLICA`. */
  rescan(replicaIds: readonly string[]): SessionNow;
  /** Sets when prepared failbacks switch over; undefined: at once. Throws as `start` does. */
  changeSwitchover(pointIds: readonly string[], switchover: Switchover | undefined): void;
  /** Something will go wrong in a coming session. */
  troubleSession(trouble: SessionTrouble): void;
  /** Nothing will go wrong any more: one trouble, or all. */
  calmSessions(trouble?: string): void;
}

/**
 * Everything as it is when the world starts, which is now. `generation` counts how often it has started again: sessions
 * of different starts have different ids.
 */
export function createProtection({
  scenario,
  plans,
  clock,
  generation = 0,
}: {
  scenario: ScenarioSpec;
  plans: Plans;
  clock: Clock;
  generation?: number | undefined;
}): Protection {
  const start = clock.now();
  const { durations } = scenario.vbr;
  const inventory = createInventory({ scenario, start });
  const replicaStore = createReplicaStore();
  const sessionStore = createSessionStore(`${scenario.name}/${generation}`);
  const alarms = createAlarms({ specs: scenario.alarms, start });
  const troubles = createSessionTroubles();
  const course = createCourse({
    ...{ plans, inventory, alarms, troubles, durations, clock },
    replicas: replicaStore,
    sessions: sessionStore,
  });
  const look = (): number => course.look();
  const replicas = replicasOf({ inventory, store: replicaStore, now: () => clock.now(), look });

  /** The points, when every one of them allows this. */
  const pointsFor = (
    pointIds: readonly string[],
    operation: string,
    from: readonly ReplicaState[],
  ): readonly ReplicaPoint[] => {
    const points = pointIds.map((id) => replicas.point(id));
    const named = new Set<string>();
    for (const { replica } of points) {
      if (named.has(replica.id)) throw refused(operation, replica, 'it is named twice');
      if (!from.includes(replica.state)) throw refused(operation, replica, `its state is ${replica.state}`);
      named.add(replica.id);
    }
    return points;
  };

  return {
    inventory,
    replicas,
    sessions: sessionsOf({ store: sessionStore, look }),
    alarms: {
      templates: alarms.templates,
      list: () => {
        look();
        return alarms.list();
      },
      get: (id) => {
        look();
        return alarms.get(id);
      },
      resolve: (ids, answer) => {
        look();
        alarms.resolve(ids, answer);
      },
    },
    start: ({ move, pointIds, reason, switchover }) => {
      const at = look();
      const { operation, from } = MOVES[move];
      return pointsFor(pointIds, operation, from)
        .map(({ id: pointId, replica }) => course.start(move, replica, { at, pointId, reason, switchover }))
        .map((session) => sessionAt(session, at));
    },
    rescan: (replicaIds) => {
      const at = look();
      for (const id of replicaIds) replicas.get(id);
      const expectedMs = durations.rescan * 1000;
      const session = sessionStore.begin({
        name: 'Configuration Database Resynchronize',
        type: 'ConfigurationResynchronize',
        jobId: stableId(`rescan/${at}/${replicaIds.join()}`),
        ...{ move: undefined, replicaId: undefined, pointId: undefined, reason: undefined },
        ...{ by: 'vbr', startedAt: at, expectedMs },
        end: { at: at + expectedMs, result: 'Success', message: 'Success', isCanceled: false },
      });
      return sessionAt(session, at);
    },
    changeSwitchover: (pointIds, switchover) => {
      const at = look();
      const { from } = MOVES.switchToProduction;
      for (const { replica } of pointsFor(pointIds, 'ChangeReplicaFailbackSwitchoverTime', from)) {
        course.schedule(replica.id, switchover ?? { type: 'Scheduled', at }, at);
      }
      look();
    },
    troubleSession: (trouble) => troubles.add(trouble),
    calmSessions: (trouble) => troubles.calm(trouble),
  };
}

function refused(operation: string, { vm }: Replica, why: string): SimulatorError {
  return new SimulatorError('ILLEGAL_ACTION', `${operation} is not possible for ${vm.name}: ${why}.`);
}
