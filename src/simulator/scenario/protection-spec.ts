import { z } from 'zod';
import { stableId } from '../ids.ts';

/** Seconds of simulated time. */
const seconds = z.number().positive();
const age = z.number().nonnegative();

/** How often restore points are made, how many are kept, how old the newest one is when the world starts. */
const rhythmFields = {
  everySeconds: seconds,
  points: z.int().min(0).max(1_000),
  newestAgeSeconds: age,
  /** The job does not run any more: the newest point only gets older. */
  isStopped: z.boolean(),
};
const ownRhythm = z.strictObject(rhythmFields).partial();

function rhythm(everySeconds: number, points: number, newestAgeSeconds: number) {
  return z
    .strictObject({
      everySeconds: seconds.default(everySeconds),
      points: rhythmFields.points.default(points),
      newestAgeSeconds: age.default(newestAgeSeconds),
      isStopped: z.boolean().default(false),
    })
    .prefault({});
}

/** What differs for one VM. A VM of no plan may be listed as well: it is backed up. */
const vmSchema = z.strictObject({
  name: z.string().min(1),
  /** Default: the VMs of replica plans and of CDP policies are. */
  isReplicated: z.boolean().optional(),
  /** Default: a replication job of its own, named like the VM. */
  replicationJob: z.string().min(1).optional(),
  /** What replicates it instead of a job. Default, of VMs of CDP replica plans: `CDP` and the name of the plan. */
  cdpPolicy: z.string().min(1).optional(),
  /** Default: one job per plan. */
  backupJob: z.string().min(1).optional(),
  replication: ownRhythm.default({}),
  backup: ownRhythm.default({}),
  /** What a scan said of the replica's points. */
  malware: z.enum(['Clean', 'Suspicious', 'Infected']).default('Clean'),
});

const cdpPolicySchema = z.strictObject({
  name: z.string().min(1),
  rpoSeconds: seconds.default(15),
  isDisabled: z.boolean().default(false),
});

const agentBackupSchema = z.strictObject({
  id: z.guid().toLowerCase().optional(),
  name: z.string().min(1),
  computer: z.string().min(1),
  points: ownRhythm.default({}),
});

/** How long the sessions that VBR itself starts take. */
const durationsSchema = z
  .strictObject({
    failover: seconds.default(60),
    plannedFailover: seconds.default(180),
    permanentFailover: seconds.default(30),
    undoFailover: seconds.default(60),
    failback: seconds.default(300),
    switchToProduction: seconds.default(60),
    commitFailback: seconds.default(30),
    undoFailback: seconds.default(60),
    rescan: seconds.default(20),
  })
  .prefault({});

/** The part of a scenario that says what is protected, and how. */
export const protectionSchema = z
  .strictObject({
    servers: z
      .array(z.strictObject({ name: z.string().min(1), version: z.string().min(1).default('12.3.2.3617') }))
      .min(1)
      .default([{ name: 'vbr-01.hq.example', version: '12.3.2.3617' }]),
    /** What the platform services of VBR log in with (grant type `vbr_token`). */
    serviceToken: z.string().min(1).default('simulated-service-token'),
    agentBackups: z.array(agentBackupSchema).default([]),
    /** By default a replica every 15 minutes, a backup every day. */
    replication: rhythm(900, 8, 300),
    backup: rhythm(86_400, 7, 21_600),
    agents: rhythm(86_400, 7, 21_600),
    vms: z.array(vmSchema).default([]),
    /** Those that VMs name need not be listed, unless something differs. */
    cdpPolicies: z.array(cdpPolicySchema).default([]),
    sureBackupJobs: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          lastRunAgeSeconds: age.default(43_200),
          lastRunSeconds: seconds.default(900),
          result: z.enum(['None', 'Success', 'Warning', 'Failed']).default('Success'),
        }),
      )
      .default([]),
    durations: durationsSchema,
  })
  .prefault({});

/** The two places of the world. */
export const sitesSchema = z
  .strictObject({
    production: z.string().min(1).default('Headquarters'),
    recovery: z.string().min(1).default('Recovery Site'),
  })
  .prefault({});

/** Alarms that are there from the start. */
export const alarmSchema = z.strictObject({
  name: z.string().min(1),
  /** What it is about, e.g. a VM or a datastore. */
  object: z.string().min(1),
  objectType: z.string().min(1).default('VirtualMachine'),
  status: z.enum(['Error', 'Warning', 'Information', 'Acknowledged', 'Resolved']).default('Warning'),
  description: z.string().default(''),
  predefinedId: z.int().positive().optional(),
  ageSeconds: age.default(3_600),
  /** What the vendor's knowledge says one can do about it. */
  remediation: z.array(z.string().min(1)).default([]),
});

type ParsedProtection = z.output<typeof protectionSchema>;

/** An agent's backup of one computer. */
export type AgentBackup = Readonly<
  Omit<ParsedProtection['agentBackups'][number], 'id'> & { readonly id: string }
>;
export type ProtectionSpec = Readonly<
  Omit<ParsedProtection, 'agentBackups'> & { readonly agentBackups: readonly AgentBackup[] }
>;
export type RhythmSpec = ProtectionSpec['replication'];
export type SitesSpec = Readonly<z.output<typeof sitesSchema>>;
export type AlarmSpec = Readonly<z.output<typeof alarmSchema>>;

/** A policy of this name, of which nothing else is said. */
export function cdpPolicyNamed(name: string): z.output<typeof cdpPolicySchema> {
  return cdpPolicySchema.parse({ name });
}

/** Gives every agent backup its id. */
export function withBackupIds(protection: ParsedProtection): ProtectionSpec {
  return {
    ...protection,
    agentBackups: protection.agentBackups.map((backup) => ({
      ...backup,
      id: backup.id ?? stableId(`backup/${backup.name}`),
    })),
  };
}
