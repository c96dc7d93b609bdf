import type { Scenario } from './scenario.ts';

type Vm = NonNullable<Scenario['vro']['plans'][number]['groups'][number]['vms']>[number];

/** A replica VM whose failover takes `seconds`, most of it spent on starting the replica. */
function replica(name: string, seconds: number): Vm {
  return {
    name,
    steps: [
      { name: 'Check license and availability', actionType: 'CheckVmLicense', seconds: 2, isCritical: true },
      { name: 'Process replica VM', actionType: 'ProcessReplicaVm', seconds: seconds - 20, isCritical: true },
      { name: 'Verify VM heartbeat', actionType: 'VmHeartbeat', seconds: 12, isCritical: true },
      { name: 'Ping VM network', actionType: 'PingVmNetwork', seconds: 6 },
    ],
  };
}

/** The world that is simulated unless another one is given. All ids are the same in every process. */
export const demoScenario: Scenario = {
  name: 'demo',
  vro: {
    plans: [
      {
        id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0001',
        name: 'ERP-CANARY',
        description: 'A small copy of the ERP, for drills',
        durations: { check: 30, undo: 60 },
        groups: [
          { name: 'Canary database', isCritical: true, vms: [replica('canary-db-01', 60)] },
          { name: 'Canary application', vms: [replica('canary-app-01', 40), replica('canary-web-01', 40)] },
        ],
      },
      {
        id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0002',
        name: 'ERP',
        description: 'The ERP in production',
        groups: [
          {
            name: 'ERP database',
            isCritical: true,
            vms: [replica('erp-db-01', 110), replica('erp-db-02', 110)],
          },
          { name: 'ERP application', vms: [replica('erp-app-01', 70), replica('erp-app-02', 70)] },
          { name: 'ERP web', vms: [replica('erp-web-01', 60), replica('erp-web-02', 60)] },
        ],
      },
      {
        id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0003',
        name: 'CRM',
        description: 'Customer relations',
        groups: [
          { name: 'CRM database', isCritical: true, vms: [replica('crm-db-01', 90)] },
          { name: 'CRM application', vms: [replica('crm-app-01', 60)] },
        ],
      },
      {
        id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0004',
        name: 'FILES',
        description: 'File servers, restored from backup',
        planType: 'Restore',
        groups: [{ name: 'File servers', vms: [replica('files-01', 120)] }],
      },
      {
        id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0005',
        name: 'DISABLED-PLAN',
        description: 'Not released yet',
        mode: 'Disabled',
        verification: 'NeedsVerified',
        groups: [{ name: 'Intranet', vms: [replica('intranet-01', 60)] }],
      },
    ],
  },
  vbr: {
    cdpPolicies: [{ name: 'CDP ERP database', rpoSeconds: 30 }],
    // In no plan: nobody fails it over.
    vms: [{ name: 'erp-history-01', backupJob: 'Backup ERP', cdpPolicy: 'CDP ERP database' }],
    sureBackupJobs: [{ name: 'Verify the ERP' }],
    agentBackups: [
      {
        id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001',
        name: 'Agent backup - branch-hh-01',
        computer: 'branch-hh-01',
      },
      {
        id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0002',
        name: 'Agent backup - branch-hh-02',
        computer: 'branch-hh-02',
      },
      {
        id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0003',
        name: 'Agent backup - branch-muc-01',
        computer: 'branch-muc-01',
      },
      { id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0004', name: 'Agent backup - plant-01', computer: 'plant-01' },
    ],
  },
};
