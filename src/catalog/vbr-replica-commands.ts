import { z } from 'zod';
import { action, HOUR, MINUTE, type ActionSpec } from './action.ts';
import { settledSessions } from './vbr-outputs.ts';
import { restorePoint } from './vro-inputs.ts';

const replicas = z.array(z.string().min(1).max(200)).min(1).max(100).meta({
  description:
    "the machines' names, or the ids of their replicas; one session each. The name of a replication job will do where it has one machine only",
});
const reason = z.string().max(1_000).default('').meta({ description: 'kept by VBR in its session' });
const onReplicas = z.strictObject({ replicas });

const switchover = z
  .union([z.enum(['auto', 'manual']), z.iso.datetime({ offset: true })])
  .default('auto')
  .meta({ description: 'when to switch to production: `auto`, `manual`, or a time' });

const onReplica = {
  system: 'vbr',
  target: { kind: 'replica', input: 'replicas' },
  effect: 'command',
  impact: 'production',
} as const;
/** A command that is watched until its sessions have ended. */
const settles = {
  ...onReplica,
  settlesBy: 'vbr.waitForSessions',
  output: settledSessions,
} as const;

/** What can be done with replicas directly, where no plan of VRO does it. Each settles on its sessions. */
export const VBR_REPLICA_COMMANDS = {
  'vbr.failover': action({
    ...settles,
    summary: 'Fails replicas over at once: the source machines are thought lost.',
    undo: 'discardsChanges',
    timeoutMs: 4 * HOUR,
    input: onReplicas.extend({ restorePoint, reason }),
  }),
  'vbr.plannedFailover': action({
    ...settles,
    summary: 'Fails replicas over after a last synchronization; the source machines are shut down.',
    undo: 'discardsChanges',
    timeoutMs: 8 * HOUR,
    input: onReplicas.extend({ reason }),
  }),
  'vbr.permanentFailover': action({
    ...settles,
    summary: 'Makes a failover of replicas permanent. It cannot be undone.',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: onReplicas.extend({ reason }),
    irreversible: true,
  }),
  'vbr.undoFailover': action({
    ...settles,
    summary: 'Undoes a failover of replicas; what was written on them meanwhile is lost.',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: onReplicas.extend({ reason }),
  }),
  'vbr.failback': action({
    ...settles,
    summary: 'Fails replicas back to their source machines.',
    undo: 'discardsChanges',
    timeoutMs: 12 * HOUR,
    input: onReplicas.extend({
      to: z
        .enum(['originalLocation', 'originalVm'])
        .default('originalLocation')
        .meta({ description: 'the source itself, or the source restored meanwhile at another place' }),
      targets: z
        .array(
          z.strictObject({
            replica: z
              .string()
              .min(1)
              .max(200)
              .meta({ description: "the machine's name, or the id of its replica" }),
            host: z
              .string()
              .min(1)
              .max(200)
              .meta({ description: 'the vCenter or host that has the machine' }),
            vm: z.string().min(1).max(200),
            objectId: z.string().max(200).optional().meta({ description: 'e.g. vm-1017' }),
          }),
        )
        .max(100)
        .default([])
        .meta({ description: 'with originalVm: where each machine is now' }),
      switchover,
      quickRollback: z.boolean().default(false).meta({ description: 'only with originalLocation' }),
      powerOn: z.boolean().default(true),
    }),
  }),
  'vbr.changeSwitchoverTime': action({
    ...onReplica,
    summary: 'Changes when a running failback switches to production.',
    undo: 'clean',
    timeoutMs: 5 * MINUTE,
    input: onReplicas.extend({
      switchover,
    }),
    output: z.object({ replicas: z.array(z.string()), switchover: z.string() }),
  }),
  'vbr.switchToProduction': action({
    ...settles,
    summary: 'Switches from prepared replicas to the source machines.',
    undo: 'discardsChanges',
    timeoutMs: 4 * HOUR,
    input: onReplicas,
  }),
  'vbr.commitFailback': action({
    ...settles,
    summary: 'Commits a failback of replicas. It cannot be undone.',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: onReplicas,
    irreversible: true,
  }),
  'vbr.undoFailback': action({
    ...settles,
    summary: 'Undoes a failback: the replicas run again.',
    undo: 'none',
    timeoutMs: 4 * HOUR,
    input: onReplicas,
  }),
  'vbr.stopSession': action({
    system: 'vbr',
    target: { kind: 'session', input: 'session' },
    effect: 'command',
    // A failover that is stopped halfway leaves machines that run nowhere.
    impact: 'production',
    undo: 'none',
    summary: 'Stops a session, e.g. a failback that must not go on; one that has ended is fine.',
    timeoutMs: 5 * MINUTE,
    input: z.strictObject({ session: z.uuid() }),
    output: z.object({ session: z.string(), state: z.string() }),
  }),
  'vbr.rescanReplicas': action({
    ...settles,
    summary: 'Reads the replicas anew from their hosts.',
    impact: 'none',
    undo: 'none',
    timeoutMs: 1 * HOUR,
    input: onReplicas,
  }),
} as const satisfies Record<string, ActionSpec>;
