import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();

export const oneServer = z.looseObject({ name: text, version: text, machine: text, logPath: text });

export const oneInstallation = z.looseObject({ product: text, version: text, installationUid: text });

export const oneUpdater = z.looseObject({ url: text });

/** Work that goes on after the answer, such as the gathering of logs. */
export const oneAsyncTask = z.looseObject({
  id: z.string().min(1),
  state: openEnum<'Idle' | 'Running' | 'Completed' | 'Failed' | 'Canceled'>(),
  /** What the work brought; its form depends on the work. */
  result: z.unknown().optional(),
});
