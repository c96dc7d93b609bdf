import { z } from 'zod';
import { readInput } from '../input.ts';
import type { Command } from '../world/commands.ts';
import { CONTINUE_OPTIONS } from '../world/commands.ts';

/** A body read: the command, and what was asked for, for the journal. */
export interface Asked {
  readonly command: Command;
  readonly body: Readonly<Record<string, unknown>>;
}

const flag = z.boolean().default(false);
const idOrNull = z.guid().toLowerCase().nullable().default(null);
const noBody = z.object({});

/** Null is the latest restore point. */
const restorePointDate = z.iso.datetime({ offset: true, local: true }).nullable().default(null);

/** The scan options of restores and schedules. Those of v6 and of v7.1 are both read. */
const scanShape = {
  virusScan: flag,
  yaraScan: flag,
  yaraRuleId: idOrNull,
  scanInfectedFlag: flag,
  scanSuspiciousFlag: flag,
  ransomwareScan: flag,
  restorePointsCountForRansomwareScan: z.int().positive().nullable().default(null),
  ransomwareAction: z.string().nullable().default(null),
};

const failoverBody = z.object({ executeChainedPlans: flag, restorePointDate, protectStorageVolumes: flag });
const restoreBody = z.object({
  restoreLocationId: idOrNull,
  executeChainedPlans: flag,
  restorePointDate,
  protectStorageVolumes: flag,
  ...scanShape,
});
const failbackBody = z.object({ restoreLocationId: idOrNull, failbackRestoreVMTags: flag });
const prepareBody = z.object({ ...failbackBody.shape, quickRollback: flag });
const continueBody = z.object({
  executionContinueOptions: z
    .string()
    .transform((text) => CONTINUE_OPTIONS.find((one) => one.toLowerCase() === text.toLowerCase()) ?? text)
    .pipe(z.enum(CONTINUE_OPTIONS)),
});
const time = z.iso.datetime({ offset: true, local: true });
const saveTimeBody = z.object({ startTime: time, ...scanShape });
const saveRunAfterBody = z.object({ previousPlanId: z.guid().toLowerCase(), ...scanShape });

/** Whether any scan was asked for. */
function isScan(body: { virusScan: boolean; yaraScan: boolean; ransomwareScan: boolean }): boolean {
  return body.virusScan || body.yaraScan || body.ransomwareScan;
}

type PlainAction = Exclude<
  Command['action'],
  'Failover' | 'Restore' | 'Halt' | 'Continue' | 'ResetState' | 'Schedule' | 'DeleteSchedule' | 'StartTest'
>;

function plain(action: PlainAction, schema: z.ZodObject = noBody) {
  return (input: unknown): Asked => ({ command: { action }, body: readInput(schema, input) });
}

/** What each `POST /Plans/{planId}/<action>` reads from its body. Everything has a default but `Continue`'s option. */
export const ACTION_BODIES: Readonly<
  Record<PlainAction | 'Failover' | 'Restore' | 'Halt' | 'Continue' | 'ResetState', (input: unknown) => Asked>
> = {
  Enable: plain('Enable'),
  Disable: plain('Disable'),
  ReadinessCheck: plain('ReadinessCheck', z.object({ generateReport: flag })),
  Failover: (input) => {
    const body = readInput(failoverBody, input);
    return { command: { action: 'Failover', executeChainedPlans: body.executeChainedPlans }, body };
  },
  Restore: (input) => {
    const body = readInput(restoreBody, input);
    const { executeChainedPlans, restoreLocationId } = body;
    return {
      command: {
        action: 'Restore',
        executeChainedPlans,
        restoreLocationId: restoreLocationId ?? undefined,
        scan: isScan(body),
      },
      body,
    };
  },
  Halt: (input) => {
    const body = readInput(z.object({ fullStop: flag }), input);
    return { command: { action: 'Halt', ...body }, body };
  },
  Continue: (input) => {
    const body = readInput(continueBody, input);
    return { command: { action: 'Continue', option: body.executionContinueOptions }, body };
  },
  Undo: plain('Undo'),
  PermanentFailover: plain('PermanentFailover'),
  FailbackToProduction: plain('FailbackToProduction', failbackBody),
  PrepareToFailback: plain('PrepareToFailback', prepareBody),
  SwitchoverToProduction: plain('SwitchoverToProduction'),
  CommitFailback: plain('CommitFailback'),
  ResetState: (input) => {
    const body = readInput(z.object({ executeReadinessCheck: flag }), input);
    return { command: { action: 'ResetState', ...body }, body };
  },
  ResetChangeLog: plain('ResetChangeLog', z.object({ generateDrReport: flag })),
};

/** `PUT …/Schedule/SaveTime`. A time without an offset is UTC. */
export function readSaveTime(input: unknown): Asked {
  const body = readInput(saveTimeBody, input);
  const hasOffset = /(z|[+-]\d\d:?\d\d)$/i.test(body.startTime);
  const at = Date.parse(hasOffset ? body.startTime : `${body.startTime}Z`);
  return { command: { action: 'Schedule', schedule: { kind: 'at', at, scan: isScan(body) } }, body };
}

/** `PUT …/Schedule/SaveRunAfter`. */
export function readSaveRunAfter(input: unknown): Asked {
  const body = readInput(saveRunAfterBody, input);
  const schedule = { kind: 'after', planId: body.previousPlanId, scan: isScan(body) } as const;
  return { command: { action: 'Schedule', schedule }, body };
}
