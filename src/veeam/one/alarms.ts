import type { CommandOptions } from '../calls.ts';
import { alarmTemplate, triggeredAlarm, triggeredChildAlarm } from '../schemas/one-alarms.ts';
import type { OneApiVersion, OneCalls } from './calls.ts';
import { oneCollection, oneObjects } from './collection.ts';
import type { OneCollection, OneId, OneObjects } from './collection.ts';
import type { AlarmTemplate, TriggeredAlarm, TriggeredChildAlarm } from './types.ts';

/** What to do with alarms: `Action` carries out the remediation that the alarm offers. */
export type Resolution = {
  /** Why: kept with the alarm. */
  readonly comment: string;
  readonly resolveType: 'Resolve' | 'Acknowledge' | 'Action';
};

/** Alarms that were raised. The shape is that of API 2.3, also where 2.2 is spoken. */
export interface Alarms extends OneObjects<TriggeredAlarm> {
  /** The single alarms that one alarm stands for. */
  childrenOf(triggeredAlarmId: OneId): OneCollection<TriggeredChildAlarm>;
  resolve(
    request: Resolution & { readonly triggeredAlarmIds: readonly number[] },
    options?: CommandOptions,
  ): Promise<void>;
  /** Child alarms, whichever alarm they belong to. */
  resolveChildren(request: ChildResolution, options?: CommandOptions): Promise<void>;
  /** Child alarms of one alarm. */
  resolveChildrenOf(
    triggeredAlarmId: OneId,
    request: ChildResolution,
    options?: CommandOptions,
  ): Promise<void>;
}

export type ChildResolution = Resolution & { readonly triggeredChildAlarmIds: readonly number[] };

export function alarms(calls: OneCalls, version: OneApiVersion): Alarms {
  /** The name under which 2.2 knows a property of 2.3. */
  const wireName = (property: string) =>
    version === 'v2.2' ? property.replace(/^alarmSource(?=\.|$)/, 'alarmAssignment') : property;

  /** An empty list might mean "all" to the server: never sent. */
  const some = (verb: 'alarms.resolve' | 'alarms.resolveChildren', ids: readonly number[]) => {
    if (ids.length === 0) throw calls.error('veeam.badInput', verb, 'at least one alarm must be named');
  };
  const done = () => undefined;

  return {
    ...oneObjects(calls, {
      verb: 'alarms.list',
      getVerb: 'alarms.get',
      idName: 'triggeredAlarmId',
      item: triggeredAlarm,
      identity: ['triggeredAlarmId'],
      needs: ['status', 'triggeredTime'],
      wireName,
    }),
    childrenOf: (id) =>
      oneCollection(calls, {
        verb: 'alarms.childrenOf',
        item: triggeredChildAlarm,
        identity: ['childAlarmId', 'triggeredAlarmId'],
        needs: ['status'],
        params: { triggeredAlarmId: String(id) },
      }),
    resolve: async (body, options) => {
      some('alarms.resolve', body.triggeredAlarmIds);
      return calls.command('alarms.resolve', { body, result: done }, options);
    },
    resolveChildren: async (body, options) => {
      some('alarms.resolveChildren', body.triggeredChildAlarmIds);
      return calls.command('alarms.resolveChildren', { body, result: done }, options);
    },
    resolveChildrenOf: async (id, body, options) => {
      some('alarms.resolveChildren', body.triggeredChildAlarmIds);
      return calls.command(
        'alarms.resolveChildrenOf',
        { params: { triggeredAlarmId: String(id) }, body, result: done },
        options,
      );
    },
  };
}

/** What alarms are made from. */
export function alarmTemplates(calls: OneCalls): OneObjects<AlarmTemplate> {
  return oneObjects(calls, {
    verb: 'alarmTemplates.list',
    getVerb: 'alarmTemplates.get',
    idName: 'alarmTemplateId',
    item: alarmTemplate,
    identity: ['alarmTemplateId'],
  });
}
