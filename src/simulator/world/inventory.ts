import type { RhythmSpec } from '../scenario/protection-spec.ts';
import type { PointSource, RestorePoint } from './rhythm.ts';

/** A place with a vCenter of its own. */
export interface Site {
  readonly id: string;
  readonly name: string;
}

/** A Veeam Backup & Replication server. */
export interface BackupServer {
  readonly id: string;
  /** Veeam ONE counts servers from 1. All jobs belong to the first one. */
  readonly number: number;
  readonly name: string;
  readonly version: string;
}

export interface Job {
  readonly id: string;
  readonly name: string;
  /** `cdpPolicy`: it replicates all the time; Veeam ONE lists it among its policies, not among its jobs. */
  readonly kind: 'replication' | 'cdpPolicy' | 'backup' | 'agentBackup';
  readonly rhythm: RhythmSpec;
  /** How many machines it processes. */
  readonly size: number;
}

/** The restore points of one machine by one job. */
export interface Chain extends PointSource {
  /** The replica, or the backup chain. */
  readonly id: string;
  readonly job: Job;
}

/** A VM that somebody protects. It is the same VM in every plan that names it. */
export interface ProtectedVm {
  /** Its UID in VBR. */
  readonly id: string;
  /** From 1, in the order of the scenario. */
  readonly number: number;
  readonly name: string;
  readonly site: Site;
  readonly hostName: string;
  readonly ipAddress: string;
  readonly usedBytes: number;
  readonly provisionedBytes: number;
  readonly malware: 'Clean' | 'Suspicious' | 'Infected';
  readonly backup: Chain;
  /** By a replication job or by a CDP policy; absent when it is not replicated. Its id is the replica's. */
  readonly replica: Chain | undefined;
}

/** A computer with an agent that backs it up. */
export interface ProtectedComputer {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly ipAddress: string;
  readonly usedBytes: number;
  /** Its id is the one that recovery tokens are issued for. */
  readonly backup: Chain;
}

export interface CdpPolicy {
  /** Also that of the job which its machines name. */
  readonly id: string;
  readonly name: string;
  readonly rpoSeconds: number;
  readonly isDisabled: boolean;
}

export interface SureBackupJob {
  readonly id: string;
  readonly name: string;
  readonly result: 'None' | 'Success' | 'Warning' | 'Failed';
  /** Simulated milliseconds. */
  readonly lastRunAt: number;
  readonly lastRunSeconds: number;
}

/** What there is to protect, and what protects it. Does not change; only the restore points move on with time. */
export interface Inventory {
  /** When the world started, in simulated milliseconds. */
  readonly start: number;
  readonly sites: Readonly<{ production: Site; recovery: Site }>;
  readonly servers: readonly BackupServer[];
  readonly vms: readonly ProtectedVm[];
  /** By name, UID, or id of its replica. */
  vm(key: string): ProtectedVm | undefined;
  /** By its place: `number - 1`. */
  vmAt(ordinal: number): ProtectedVm | undefined;
  readonly computers: readonly ProtectedComputer[];
  /** By name or UID. */
  computer(key: string): ProtectedComputer | undefined;
  readonly jobs: readonly Job[];
  readonly cdpPolicies: readonly CdpPolicy[];
  readonly sureBackupJobs: readonly SureBackupJob[];
  /** The backup restore points of a VM or computer at `now`, newest first. Those of replicas: see `Replicas`. */
  backupPoints(machine: Readonly<{ backup: Chain }>, now: number): RestorePoint[];
  /** When a job ran last, in simulated milliseconds. */
  lastRunOf(job: Job, now: number): number;
}
