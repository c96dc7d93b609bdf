import type { z } from 'zod';
import type { replica, replicaPoint } from '../schemas/replica.ts';
import type { vbrBackup, vbrBackupObject } from '../schemas/vbr-backup.ts';
import type { vbrServerInfo, vbrServerTime } from '../schemas/vbr-server.ts';
import type { vbrSession, vbrSessionLog, vbrTaskSession } from '../schemas/vbr-session.ts';

/** VBR's objects as this layer hands them out. Unknown fields are kept, unknown enum values stay strings. */
export type Replica = z.infer<typeof replica>;
export type ReplicaPoint = z.infer<typeof replicaPoint>;
export type VbrSession = z.infer<typeof vbrSession>;
export type VbrSessionLog = z.infer<typeof vbrSessionLog>;
export type VbrTaskSession = z.infer<typeof vbrTaskSession>;
export type VbrServerTime = z.infer<typeof vbrServerTime>;
export type VbrServerInfo = z.infer<typeof vbrServerInfo>;
export type VbrBackup = z.infer<typeof vbrBackup>;
export type VbrBackupObject = z.infer<typeof vbrBackupObject>;
