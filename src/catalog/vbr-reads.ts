import { z } from 'zod';
import { action, HOUR, MINUTE, type ActionSpec } from './action.ts';
import { replicaInfo, sessionInfo, settledSessions } from './vbr-outputs.ts';

const reads = {
  system: 'vbr',
  effect: 'read',
  impact: 'none',
  undo: 'none',
  timeoutMs: 10 * MINUTE,
} as const;

/** What a runbook can ask Veeam Backup & Replication. */
export const VBR_READS = {
  'vbr.replicas': action({
    ...reads,
    summary: 'Lists the replicas of machines and their states.',
    input: z.strictObject({
      name: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'of the machine; `*` stands for any text' }),
      state: z.string().min(1).max(50).optional().meta({ description: 'e.g. Ready or Failover' }),
    }),
    output: z.object({
      replicas: z.array(replicaInfo),
      total: z.int(),
      more: z.int().meta({ description: 'how many replicas are not listed' }),
    }),
  }),
  'vbr.replicaPoints': action({
    ...reads,
    summary: "Lists a replica's restore points, newest first.",
    input: z.strictObject({
      replica: z.string().min(1).max(200).meta({ description: "the machine's name, or the replica's id" }),
    }),
    output: z.object({
      replica: replicaInfo,
      points: z.array(
        z.object({ id: z.string(), created: z.string(), state: z.string(), malware: z.string() }),
      ),
      total: z.int(),
      more: z.int(),
    }),
  }),
  'vbr.session': action({
    ...reads,
    summary: 'Reads how a session stands.',
    input: z.strictObject({ session: z.uuid() }),
    output: sessionInfo,
  }),
  'vbr.findAgentBackup': action({
    ...reads,
    summary: 'Finds all agent backups of a computer, for a recovery token.',
    input: z.strictObject({
      name: z
        .string()
        .min(1)
        .max(200)
        .meta({ description: "the computer's name; letter case does not count" }),
    }),
    output: z.object({
      backupIds: z.array(z.string()).meta({ description: 'newest backup first' }),
      backups: z.array(z.object({ id: z.string(), name: z.string(), created: z.string() })),
      more: z.int(),
    }),
  }),
  'vbr.waitForSessions': action({
    system: 'vbr',
    effect: 'watch',
    impact: 'none',
    undo: 'none',
    summary: 'Watches sessions until all have ended.',
    timeoutMs: 8 * HOUR,
    input: z.strictObject({ sessions: z.array(z.uuid()).min(1).max(100) }),
    output: settledSessions,
  }),
} as const satisfies Record<string, ActionSpec>;
