import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const count = z.number().nullish();

const alarmStatus = openEnum<
  'Error' | 'Warning' | 'Information' | 'Resolved' | 'Acknowledged' | 'Success' | 'Remediated' | 'Unknown'
>();

/** The object that an alarm is about; `objectType` is e.g. `VSphereVm`, `VbrJob`, `VbrBackupServer`. */
const alarmObject = z.looseObject({ objectId: count, objectName: text, objectType: text });

/** API 2.2 names the source `alarmAssignment` and answers remediation as a bare list: made one with 2.3's. */
function asIn23(alarm: unknown): unknown {
  if (typeof alarm !== 'object' || alarm === null) return alarm;
  const source =
    'alarmAssignment' in alarm && !('alarmSource' in alarm) ? { alarmSource: alarm.alarmAssignment } : {};
  const remediation =
    'remediation' in alarm && Array.isArray(alarm.remediation)
      ? { remediation: { items: alarm.remediation as unknown[] } }
      : {};
  return { ...alarm, ...source, ...remediation };
}

export const triggeredAlarm = z.preprocess(
  asIn23,
  z.looseObject({
    triggeredAlarmId: z.number(),
    name: text,
    alarmTemplateId: count,
    /** The number of a built-in alarm, the same on every server, e.g. 331: VM with no replica. */
    predefinedAlarmId: count,
    /** ISO date. */
    triggeredTime: z.string(),
    status: alarmStatus,
    description: text,
    comment: text,
    repeatCount: count,
    alarmSource: alarmObject.nullish(),
    childAlarmsCount: count,
    remediation: z
      .looseObject({
        items: z
          .array(
            z.looseObject({
              description: text,
              mode: openEnum<'Automatic' | 'Manual' | 'Disable'>().nullish(),
            }),
          )
          .nullish(),
      })
      .nullish(),
  }),
);

export const triggeredChildAlarm = z.looseObject({
  childAlarmId: z.number(),
  triggeredAlarmId: count,
  /** ISO date. */
  triggeredTime: text,
  status: alarmStatus,
  source: text,
  description: text,
  repeatCount: count,
  comment: text,
});

/** What an alarm is made from, with the vendor's knowledge about it. */
export const alarmTemplate = z.looseObject({
  alarmTemplateId: z.number(),
  name: text,
  /** The kind of object it watches, e.g. `VSphereVirtualMachine`, `VbrBackupServer`. */
  type: text,
  predefinedAlarmId: count,
  knowledgeSummary: text,
  knowledgeCause: text,
  knowledgeResolution: text,
  knowledgeCustom: text,
  knowledgeExternal: text,
  isEnabled: z.boolean().nullish(),
  isPredefined: z.boolean().nullish(),
  assignments: z.array(alarmObject).nullish(),
  exclusions: z.array(alarmObject).nullish(),
});
