import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();

/** `Stopped` is the only state in which a session is over; the rest are ways of being under way. */
const sessionState = openEnum<
  | 'Stopped'
  | 'Starting'
  | 'Stopping'
  | 'Working'
  | 'Pausing'
  | 'Resuming'
  | 'WaitingTape'
  | 'Idle'
  | 'Postprocessing'
  | 'WaitingRepository'
  | 'WaitingSlot'
>();

/** Those of disaster recovery; there are many more, and versions differ. */
const sessionType = openEnum<
  | 'BackupJob'
  | 'ReplicaJob'
  | 'Failover'
  | 'PlannedFailover'
  | 'PermanentFailover'
  | 'UndoFailover'
  | 'Failback'
  | 'CommitFailback'
  | 'UndoFailback'
  | 'SwitchReplicaToProduction'
  | 'ConfigurationResynchronize'
  | 'SureBackup'
>();

const sessionResult = z.looseObject({
  result: openEnum<'None' | 'Success' | 'Warning' | 'Failed'>(),
  message: text,
  isCanceled: z.boolean().nullish(),
});

/** 1.1 names the job `activityId`, later versions (and the vendor's own examples, by turns) `jobId`. */
function withJobId(session: unknown): unknown {
  if (typeof session !== 'object' || session === null) return session;
  if ('jobId' in session || !('activityId' in session)) return session;
  return { ...session, jobId: session.activityId };
}

/** What VBR did or is doing: one per VM of a failover or failback. */
export const vbrSession = z.preprocess(
  withJobId,
  z.looseObject({
    id: z.string().min(1),
    name: z.string(),
    /** The job or activity behind it; the field is the same in every API version. */
    jobId: text,
    sessionType,
    /** ISO date. */
    creationTime: z.string(),
    /** ISO date; absent until the session is over. */
    endTime: text,
    state: sessionState,
    /** Percent. */
    progressPercent: z.number().nullish(),
    /** Absent until there is one. */
    result: sessionResult.nullish(),
    /** What it worked on, e.g. a backup. */
    resourceId: text,
    resourceReference: text,
    parentSessionId: text,
    /** Grows with every change of the session. */
    usn: z.number().nullish(),
    platformName: text,
    platformId: text,
  }),
);

/** The log of a session or task session, newest record first. */
export const vbrSessionLog = z.looseObject({
  totalRecords: z.number().nullish(),
  records: z
    .array(
      z.looseObject({
        id: z.number().nullish(),
        status: openEnum<'None' | 'Succeeded' | 'Warning' | 'Failed'>().nullish(),
        /** ISO date. */
        startTime: text,
        /** ISO date. */
        updateTime: text,
        title: text,
        description: text,
      }),
    )
    .nullish()
    .transform((records) => records ?? []),
});

/** The work on one object (a VM, a disk share) within a session. Dates have no offset: the server's local time. */
export const vbrTaskSession = z.looseObject({
  id: z.string().min(1),
  name: text,
  type: openEnum<'Backup' | 'Restore' | 'Antivirus' | 'Replica'>(),
  sessionId: z.string(),
  sessionType,
  creationTime: z.string(),
  endTime: text,
  /** Not of antivirus scans, which have `scanState`. */
  state: sessionState.nullish(),
  result: sessionResult.nullish(),
  algorithm: openEnum<'Full' | 'Increment' | 'None' | 'Synthetic'>().nullish(),
  replicaPointId: text,
  restorePointId: text,
  scanType: openEnum<'Antivirus' | 'Yara'>().nullish(),
  scanState: openEnum<'NotStarted' | 'InProgress' | 'Finished'>().nullish(),
  scanResult: openEnum<'None' | 'Clean' | 'Infected' | 'Failed' | 'Canceled' | 'Inconclusive'>().nullish(),
});
