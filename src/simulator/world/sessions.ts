import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import type { Move, SessionType } from './replica-moves.ts';

export type SessionResult = 'Success' | 'Warning' | 'Failed';

/** How a session ends; it may lie in the future. */
export interface SessionEnd {
  readonly at: number;
  readonly result: SessionResult;
  readonly message: string;
  readonly isCanceled: boolean;
}

/** Something VBR does, and takes its time for. Times are simulated milliseconds. */
export interface Session {
  readonly id: string;
  /** Counts from 1, in the order in which sessions begin. */
  readonly number: number;
  readonly name: string;
  readonly type: SessionType;
  /** The job or activity it belongs to. */
  readonly jobId: string;
  /** What is done with the replica; undefined when it does nothing to one. */
  readonly move: Move | undefined;
  readonly replicaId: string | undefined;
  readonly pointId: string | undefined;
  readonly reason: string | undefined;
  /** Who started it: somebody who asked VBR, or the Orchestrator, which alone can stop it then. */
  readonly by: 'vbr' | 'vro';
  readonly startedAt: number;
  /** How long it should take; its progress is counted by this. */
  readonly expectedMs: number;
  /** Undefined while nobody knows: VRO ends its sessions when its step ends. */
  readonly end: SessionEnd | undefined;
  /** Since when it is being stopped. */
  readonly stoppingSince: number | undefined;
}

/** A session as it is at one moment. */
export interface SessionNow extends Session {
  readonly state: 'Starting' | 'Working' | 'Stopping' | 'Stopped';
  readonly percent: number;
  /** Set when it is over. */
  readonly ended: SessionEnd | undefined;
}

/** What may be asked about sessions. Those that go on are shown as they are now. */
export interface Sessions {
  /** In the order in which they began. */
  list(): readonly SessionNow[];
  /** Throws `UNKNOWN_SESSION`. */
  get(id: string): SessionNow;
  /** Stops one; one that is over stays as it is. Throws `UNKNOWN_SESSION`, `ILLEGAL_ACTION` for one of VRO's. */
  stop(id: string): void;
  counts(): Readonly<{ total: number; running: number }>;
}

/** The first part of a session is `Starting`: a tenth of it, at most this long. */
const STARTING_MS = 2_000;
/** How long stopping takes. */
const STOPPING_MS = 2_000;

/** The session at `now`. */
export function sessionAt(session: Session, now: number): SessionNow {
  const { startedAt, expectedMs, end, stoppingSince } = session;
  if (end !== undefined && end.at <= now) return { ...session, state: 'Stopped', percent: 100, ended: end };
  const elapsed = (stoppingSince ?? now) - startedAt;
  const percent = Math.max(0, Math.min(99, Math.floor((elapsed / expectedMs) * 100)));
  const isStarting = elapsed < Math.min(STARTING_MS, expectedMs / 10);
  const state = stoppingSince !== undefined ? 'Stopping' : isStarting ? 'Starting' : 'Working';
  return { ...session, state, percent, ended: undefined };
}

/** All sessions so far. */
export interface SessionStore {
  all(): Iterable<Session>;
  find(id: string): Session | undefined;
  begin(session: Omit<Session, 'id' | 'number' | 'stoppingSince'>): Session;
  /** A session will end like this, or has ended like this. */
  end(id: string, end: SessionEnd, stoppingSince?: number): void;
  /** Sessions whose end nobody has acted on yet. */
  open(): Iterable<Session>;
  /** The end of a session has been acted on. */
  close(id: string): void;
  readonly size: number;
}

/** `seed` makes the ids differ from those of other worlds in the same process. */
export function createSessionStore(seed: string): SessionStore {
  const sessions = new Map<string, Session>();
  const open = new Set<string>();
  const find = (id: string): Session | undefined => sessions.get(id.toLowerCase());
  return {
    all: () => sessions.values(),
    find,
    begin: (begun) => {
      const number = sessions.size + 1;
      const session = {
        ...begun,
        number,
        id: stableId(`${seed}/session/${number}`),
        stoppingSince: undefined,
      };
      sessions.set(session.id, session);
      open.add(session.id);
      return session;
    },
    end: (id, end, stoppingSince) => {
      const session = sessions.get(id);
      if (session !== undefined) sessions.set(id, { ...session, end, stoppingSince });
    },
    open: () => [...open].flatMap((id) => sessions.get(id) ?? []),
    close: (id) => {
      open.delete(id);
    },
    get size() {
      return sessions.size;
    },
  };
}

/** The sessions as the outside sees them. `look` brings the records up to the time it answers. */
export function sessionsOf({ store, look }: { store: SessionStore; look: () => number }): Sessions {
  const get = (id: string): SessionNow => {
    const now = look();
    const session = store.find(id);
    if (session === undefined) {
      throw new SimulatorError('UNKNOWN_SESSION', `There is no session with the id ${id}.`);
    }
    return sessionAt(session, now);
  };
  return {
    list: () => {
      const now = look();
      return [...store.all()].map((session) => sessionAt(session, now));
    },
    get,
    stop: (id) => {
      const session = get(id);
      if (session.state === 'Stopped' || session.state === 'Stopping') return;
      if (session.by === 'vro') {
        throw new SimulatorError(
          'ILLEGAL_ACTION',
          `Session ${session.name} is run by Veeam Recovery Orchestrator: halt its plan there.`,
        );
      }
      const now = look();
      const message = 'Operation was canceled by user.';
      const end = { at: now + STOPPING_MS, result: 'Failed', message, isCanceled: true } as const;
      store.end(session.id, end, now);
    },
    counts: () => {
      const now = look();
      let running = 0;
      for (const session of store.open()) if (sessionAt(session, now).state !== 'Stopped') running += 1;
      return { total: store.size, running };
    },
  };
}
