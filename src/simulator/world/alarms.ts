import { SimulatorError } from '../errors.ts';
import type { AlarmSpec } from '../scenario/protection-spec.ts';
import type { ProtectedVm } from './inventory.ts';
import type { ReplicaState } from './replica-moves.ts';

export type AlarmStatus = 'Error' | 'Warning' | 'Information' | 'Resolved' | 'Acknowledged' | 'Remediated';

/** A kind of alarm. */
export interface AlarmTemplate {
  readonly id: number;
  /** Set for the ones that Veeam ONE ships. */
  readonly predefinedId: number | undefined;
  readonly name: string;
}

/** An alarm that was raised: one per kind and object, however often that happened. */
export interface Alarm {
  /** From 1. */
  readonly id: number;
  readonly template: AlarmTemplate;
  /** When it was raised last, in simulated milliseconds. */
  readonly raisedAt: number;
  readonly status: AlarmStatus;
  readonly description: string;
  readonly comment: string;
  readonly repeatCount: number;
  readonly source: Readonly<{ id: string; name: string; type: string }>;
  readonly remediation: readonly string[];
}

/** The alarms of Veeam ONE: raised and resolved by what happens, resolved and acknowledged by people. */
export interface Alarms {
  /** All of them, resolved ones too, in the order of their ids. */
  list(): readonly Alarm[];
  /** Throws `UNKNOWN_ALARM`. */
  get(id: number): Alarm;
  readonly templates: readonly AlarmTemplate[];
  /** Somebody deals with alarms. Throws `UNKNOWN_ALARM`, and then changes none. */
  resolve(
    ids: readonly number[],
    answer: Readonly<{ comment: string; resolveType: 'Resolve' | 'Acknowledge' | 'Action' }>,
  ): void;
}

/** The alarms as the world changes them. */
export interface AlarmLog extends Alarms {
  /** A replica came into a state. */
  moved(vm: ProtectedVm, state: ReplicaState, at: number): void;
}

const NO_REPLICA: AlarmTemplate = { id: 331, predefinedId: 331, name: 'VM with no replica' };
const FAILED_FAILOVER: AlarmTemplate = { id: 1001, predefinedId: undefined, name: 'Replica failover failed' };
/** Templates of a scenario's own alarms are numbered from here. */
const FIRST_OWN_TEMPLATE = 2001;

const ANSWERED: Readonly<Record<'Resolve' | 'Acknowledge' | 'Action', AlarmStatus>> = {
  Resolve: 'Resolved',
  Acknowledge: 'Acknowledged',
  Action: 'Remediated',
};

/** Whether an alarm still wants something. */
export function isOpen({ status }: Alarm): boolean {
  return status !== 'Resolved' && status !== 'Remediated';
}

export function createAlarms({ specs, start }: { specs: readonly AlarmSpec[]; start: number }): AlarmLog {
  const alarms = new Map<number, Alarm>();
  const idsByKey = new Map<string, number>();
  const templates = new Map<string, AlarmTemplate>(
    [NO_REPLICA, FAILED_FAILOVER].map((template) => [template.name, template]),
  );

  const get = (id: number): Alarm => {
    const alarm = alarms.get(id);
    if (alarm === undefined) throw new SimulatorError('UNKNOWN_ALARM', `There is no alarm ${id}.`);
    return alarm;
  };
  const keyOf = (template: AlarmTemplate, objectId: string): string => `${template.id}/${objectId}`;
  const raise = (alarm: Omit<Alarm, 'id' | 'comment' | 'repeatCount'>): void => {
    const key = keyOf(alarm.template, alarm.source.id);
    const id = idsByKey.get(key) ?? alarms.size + 1;
    const before = alarms.get(id);
    idsByKey.set(key, id);
    alarms.set(id, { ...alarm, id, comment: '', repeatCount: (before?.repeatCount ?? 0) + 1 });
  };
  const calm = (template: AlarmTemplate, objectId: string): void => {
    const alarm = alarms.get(idsByKey.get(keyOf(template, objectId)) ?? 0);
    if (alarm === undefined || !isOpen(alarm)) return;
    alarms.set(alarm.id, { ...alarm, status: 'Resolved', comment: 'The cause is gone.' });
  };

  for (const { name, object, objectType, predefinedId, ageSeconds, ...alarm } of specs) {
    const template = templates.get(name) ?? {
      id: predefinedId ?? FIRST_OWN_TEMPLATE + templates.size,
      predefinedId,
      name,
    };
    templates.set(name, template);
    const source = { id: `${objectType}/${object}`, name: object, type: objectType };
    raise({ ...alarm, template, source, raisedAt: start - ageSeconds * 1000 });
  }

  return {
    list: () => [...alarms.values()],
    get,
    templates: [...templates.values()],
    resolve: (ids, { comment, resolveType }) => {
      const status = ANSWERED[resolveType];
      for (const alarm of ids.map(get)) alarms.set(alarm.id, { ...alarm, status, comment });
    },
    moved: (vm, state, at) => {
      const source = { id: vm.id, name: vm.name, type: 'VirtualMachine' };
      if (state !== 'FailedFailover') calm(FAILED_FAILOVER, vm.id);
      if (state === 'Ready') calm(NO_REPLICA, vm.id);
      if (state === 'Failover' || state === 'PermanentFailover') {
        raise({
          template: NO_REPLICA,
          source,
          raisedAt: at,
          status: 'Warning',
          description: `VM ${vm.name} has failed over: it has no replica until it is failed back or the failover is undone.`,
          remediation: ['Fail the VM back and commit, or undo the failover.'],
        });
      } else if (state === 'FailedFailover') {
        raise({
          template: FAILED_FAILOVER,
          source,
          raisedAt: at,
          status: 'Error',
          description: `The failover of VM ${vm.name} to its replica failed.`,
          remediation: ['Look into the log of the session, then fail over again or undo.'],
        });
      }
    },
  };
}
