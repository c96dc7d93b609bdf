import type { AnyCommand } from '../command.ts';
import { scheduleApply } from './schedule-apply.ts';
import { schedulePause, scheduleRemove, scheduleResume, scheduleTrigger } from './schedule-change.ts';
import { scheduleList, scheduleLog, scheduleNext } from './schedule-list.ts';

/** What people can do with schedules. */
export const SCHEDULE_COMMANDS: readonly AnyCommand[] = [
  scheduleApply,
  scheduleList,
  scheduleNext,
  scheduleLog,
  schedulePause,
  scheduleResume,
  scheduleTrigger,
  scheduleRemove,
];
