import { z } from 'zod';

/** A recovery token as a run may see it: never the token itself. */
export const issuedToken = z.object({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string().meta({ description: 'first 16 hex digits of the SHA-256 of the token' }),
  expires: z.string(),
});

/** The replica of a machine. */
export const replicaInfo = z.object({
  id: z.string(),
  name: z.string().meta({ description: "the machine's name" }),
  job: z.string().meta({ description: 'the name of its replication job' }),
  state: z.string().meta({ description: 'Ready, Processing, Failover, Failback, ReadyToSwitch …' }),
  type: z.string(),
});

const failedReplica = z.object({
  replica: z.string().meta({ description: "the machine's name" }),
  session: z.string(),
  info: z.string().meta({ description: "VBR's own words" }),
});
export type FailedReplica = z.infer<typeof failedReplica>;

/** How the sessions of a command ended, one for each replica. Of the failed ones only the first are listed. */
export const settledSessions = z.object({
  result: z.string().meta({ description: 'Success, Warning or Failed: the worst of all' }),
  counts: z.object({ sessions: z.int(), succeeded: z.int(), warnings: z.int(), failed: z.int() }),
  failed: z.array(failedReplica),
  more: z.int().meta({ description: 'how many failed replicas are not listed' }),
  sessions: z.array(z.object({ id: z.string(), replica: z.string() })),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  polls: z.int(),
});
export type SettledSessions = z.infer<typeof settledSessions>;

/** A session of VBR. */
export const sessionInfo = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  state: z.string(),
  result: z.string(),
  message: z.string(),
  progress: z.number(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});
