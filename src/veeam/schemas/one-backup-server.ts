import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();

/** A VBR server that Veeam ONE watches. */
export const oneBackupServer = z.looseObject({
  backupServerId: z.number(),
  enterpriseManagerId: z.number().nullish(),
  name: text,
  version: text,
  isCluster: flag,
  clusterName: text,
  connectionError: text,
  /** Unless `Connected`, everything shown of this server is old. */
  connectionState: openEnum<'Connected' | 'NotResponding' | 'Unknown'>(),
  isConfigurationBackupEnabled: flag,
  platform: openEnum<'Windows' | 'Linux' | 'Unknown'>().nullish(),
  isCloudConnect: flag,
  intelligentDiagnosticsEnabled: flag,
  remediationActionsEnabled: flag,
  /** ISO date. */
  lastBestPracticeCheckDate: text,
  bestPracticeCheckStatus: openEnum<
    'Passed' | 'NotImplemented' | 'NotApplicable' | 'UnableToDetect' | 'Other' | 'Unknown'
  >().nullish(),
});
