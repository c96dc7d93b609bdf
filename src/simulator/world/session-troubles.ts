import type { SessionType } from './replica-moves.ts';
import type { SessionResult } from './sessions.ts';

/** Something that will go wrong in a coming session of VBR. */
export interface SessionTrouble {
  readonly id: string;
  /** Name or UID; any VM when absent. */
  readonly vm: string | undefined;
  /** Any type when absent. */
  readonly type: SessionType | undefined;
  readonly result: Exclude<SessionResult, 'Success'>;
  readonly message: string;
  /** How many sessions it strikes. */
  readonly left: number;
}

/** What shall go wrong in coming sessions. */
export interface SessionTroubles {
  add(trouble: SessionTrouble): void;
  /** Nothing will go wrong any more: one trouble, or all. */
  calm(trouble?: string): void;
  /** The trouble that strikes a session now, if there is one; it is counted. */
  strike(type: SessionType, isVm: (key: string) => boolean): SessionTrouble | undefined;
}

export function createSessionTroubles(): SessionTroubles {
  let troubles: readonly SessionTrouble[] = [];
  return {
    add: (trouble) => {
      troubles = [...troubles, trouble];
    },
    calm: (id) => {
      troubles = id === undefined ? [] : troubles.filter((trouble) => trouble.id !== id);
    },
    strike: (type, isVm) => {
      const striking = troubles.find(
        (one) => (one.type ?? type) === type && (one.vm === undefined || isVm(one.vm)),
      );
      troubles = troubles
        .map((one) => (one === striking ? { ...one, left: one.left - 1 } : one))
        .filter(({ left }) => left > 0);
      return striking;
    },
  };
}
