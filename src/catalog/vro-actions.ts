import { VRO_READS } from './vro-reads.ts';
import { VRO_RUNS } from './vro-runs.ts';
import { VRO_UPKEEP } from './vro-upkeep.ts';

/** What a runbook can do with Veeam Recovery Orchestrator. */
export const VRO_ACTIONS = { ...VRO_READS, ...VRO_RUNS, ...VRO_UPKEEP };
