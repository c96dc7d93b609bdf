import { z } from 'zod';

const text = z.string().nullish();

/** A backup: what a job or policy keeps of its machines. */
export const vbrBackup = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  jobId: text,
  policyUniqueId: text,
  platformName: text,
  platformId: text,
  /** ISO date. */
  creationTime: text,
  repositoryId: text,
});

/** A machine in a backup. */
export const vbrBackupObject = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  type: text,
  platformName: text,
  platformId: text,
  restorePointsCount: z.number().nullish(),
});
