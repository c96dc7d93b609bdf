import type { Clock } from '../clock.ts';
import { stableId } from '../ids.ts';
import type { ProtectionSpec } from '../scenario/protection-spec.ts';
import type { AlarmLog } from './alarms.ts';
import type { Inventory, ProtectedVm } from './inventory.ts';
import type { PassBegun, PassEnded } from './plan-passes.ts';
import { createPlanPasses } from './plan-passes.ts';
import type { Plans } from './plans.ts';
import type { Move, ReplicaState } from './replica-moves.ts';
import { MOVES, whenFailed } from './replica-moves.ts';
import type { ReplicaStore, Switchover } from './replicas.ts';
import { pointsOf } from './rhythm.ts';
import type { SessionTroubles } from './session-troubles.ts';
import type { Session, SessionEnd, SessionStore } from './sessions.ts';

/** A replica and its VM. */
interface Target {
  readonly id: string;
  readonly vm: ProtectedVm;
}

/** What happens to replicas as time goes by: what VRO's plans do, and what was started in VBR. */
export interface Course {
  /** Carries out everything that has come about since somebody looked last. Answers the time. */
  look(): number;
  /** Starts a session that moves a replica. Whether that is legal has been decided before. */
  start(
    move: Move,
    target: Target,
    details: Readonly<{
      at: number;
      pointId?: string | undefined;
      reason?: string | undefined;
      switchover?: Switchover | undefined;
    }>,
  ): Session;
  /** Sets when a replica that is ready to switch does so. */
  schedule(replicaId: string, switchover: Switchover, at: number): void;
}

/** An event, and its place among those of the same moment: what ends comes before what begins. */
interface Due {
  readonly at: number;
  readonly rank: 0 | 1;
  readonly happen: () => void;
}

export function createCourse({
  plans,
  inventory,
  replicas,
  sessions,
  alarms,
  troubles,
  durations,
  clock,
}: {
  plans: Plans;
  inventory: Inventory;
  replicas: ReplicaStore;
  sessions: SessionStore;
  alarms: AlarmLog;
  troubles: SessionTroubles;
  durations: ProtectionSpec['durations'];
  clock: Clock;
}): Course {
  const passes = createPlanPasses({ planOf: (id) => plans.plan(id).spec });
  const sessionsByPass = new Map<string, string>();
  /** By session: the state its replica was in, and how it goes on when it is ready to switch. */
  const before = new Map<string, ReplicaState>();
  const switchovers = new Map<string, Switchover>();
  /** Replicas that will switch over by themselves. */
  const scheduled = new Set<string>();
  let lookedAt = inventory.start - 1;

  const put = (replicaId: string, state: ReplicaState, at: number, switchover?: Switchover): void => {
    replicas.put(replicaId, state, at, switchover);
    if (switchover?.type === 'Scheduled') scheduled.add(replicaId);
    else scheduled.delete(replicaId);
    const vm = inventory.vm(replicaId);
    if (vm !== undefined && state !== 'Processing') alarms.moved(vm, state, at);
  };

  const begin = (
    move: Move,
    { id, vm }: Target,
    session: Pick<Session, 'pointId' | 'reason' | 'by' | 'startedAt' | 'expectedMs' | 'end'>,
  ): Session => {
    const jobId = stableId(`activity/${id}/${session.startedAt}`);
    const type = MOVES[move].session;
    const begun = sessions.begin({ ...session, name: vm.name, type, jobId, move, replicaId: id });
    before.set(begun.id, replicas.record(id).state);
    put(id, 'Processing', session.startedAt);
    return begun;
  };

  /** A session is over: its replica comes to where that leads. */
  const finish = (session: Session, end: SessionEnd): void => {
    sessions.close(session.id);
    const { id, move, replicaId } = session;
    const was = before.get(id);
    const switchover = switchovers.get(id) ?? { type: 'Manual' };
    before.delete(id);
    switchovers.delete(id);
    if (move === undefined || replicaId === undefined || was === undefined) return;
    const isDone = end.result !== 'Failed';
    const state = isDone ? MOVES[move].to : end.isCanceled ? was : whenFailed(move, was);
    put(replicaId, state, end.at, state === 'ReadyToSwitch' ? switchover : undefined);
  };

  const start: Course['start'] = (move, target, { at, pointId, reason, switchover }) => {
    const { session: type, duration } = MOVES[move];
    const expectedMs = durations[duration] * 1000;
    const trouble = troubles.strike(type, (key) => inventory.vm(key) === target.vm);
    const { result = 'Success', message = 'Success' } = trouble ?? {};
    const end = { at: at + expectedMs, result, message, isCanceled: false } as const;
    const session = begin(move, target, { pointId, reason, by: 'vbr', startedAt: at, expectedMs, end });
    if (switchover !== undefined) switchovers.set(session.id, switchover);
    return session;
  };

  const beginPass = ({ key, at, vmName, move, expectedMs }: PassBegun): void => {
    const vm = inventory.vm(vmName);
    const driven = { reason: undefined, by: 'vro', startedAt: at, expectedMs, end: undefined } as const;
    if (vm === undefined) return;
    if (move === undefined) {
      const jobId = stableId(`activity/${key}`);
      const restore = { name: vm.name, type: 'RestoreVm', jobId, ...driven } as const;
      const session = sessions.begin({ ...restore, move, replicaId: undefined, pointId: undefined });
      sessionsByPass.set(key, session.id);
      return;
    }
    const { replica } = vm;
    if (replica === undefined) return;
    const { state, pauses } = replicas.record(replica.id);
    // VRO asks VBR for what VBR allows; where there is nothing to do, for nothing.
    if (!MOVES[move].from.includes(state)) return;
    const pointId = pointsOf(replica, { start: inventory.start, now: at, pauses })[0]?.id;
    sessionsByPass.set(key, begin(move, { id: replica.id, vm }, { ...driven, pointId }).id);
  };
  const endPass = ({ key, at, result, message }: PassEnded): void => {
    const session = sessions.find(sessionsByPass.get(key) ?? '');
    sessionsByPass.delete(key);
    if (session === undefined) return;
    const end = { at, result: result ?? 'Failed', message, isCanceled: result === undefined } as const;
    sessions.end(session.id, end);
    finish(session, end);
  };

  const planEvents = (): Due[] =>
    // Read again from a moment before: something may have come about in the same moment, after the last look.
    passes
      .read(plans.executions(lookedAt - 1))
      .map((event) =>
        event.kind === 'begun'
          ? { at: event.at, rank: 1, happen: () => beginPass(event) }
          : { at: event.at, rank: 0, happen: () => endPass(event) },
      );
  /** The ends of sessions and the switchovers whose time has come. */
  const ownEvents = (now: number): Due[] => {
    const ends = [...sessions.open()].flatMap((session): Due[] => {
      const { end } = session;
      if (end === undefined || end.at > now) return [];
      return [{ at: end.at, rank: 0, happen: () => finish(session, end) }];
    });
    const switches = [...scheduled].flatMap((id): Due[] => {
      const { switchover } = replicas.record(id);
      const vm = inventory.vm(id);
      if (vm === undefined || switchover?.type !== 'Scheduled' || switchover.at > now) return [];
      const { at } = switchover;
      return [{ at, rank: 1, happen: () => void start('switchToProduction', { id, vm }, { at }) }];
    });
    return [...ends, ...switches];
  };

  return {
    start,
    schedule: (replicaId, switchover, at) => put(replicaId, 'ReadyToSwitch', at, switchover),
    look: () => {
      const now = clock.now();
      let due = [...planEvents(), ...ownEvents(now)];
      lookedAt = now;
      while (due.length > 0) {
        due.sort((a, b) => a.at - b.at || a.rank - b.rank);
        for (const { happen } of due) happen();
        due = ownEvents(now);
      }
      return now;
    },
  };
}
