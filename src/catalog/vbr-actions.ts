import { VBR_REPLICA_COMMANDS } from './vbr-replica-commands.ts';
import { VBR_READS } from './vbr-reads.ts';
import { VBR_TOKENS } from './vbr-tokens.ts';

/** What a runbook can do with Veeam Backup & Replication. */
export const VBR_ACTIONS = { ...VBR_READS, ...VBR_REPLICA_COMMANDS, ...VBR_TOKENS };
