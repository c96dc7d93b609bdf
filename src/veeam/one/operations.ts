import type { Operation } from '../operation.ts';

/** The versions of the API that the client speaks, as they stand in the path. */
export const ONE_API_VERSIONS = ['v2.2', 'v2.3'] as const;

const OVERVIEW = {
  versions: ONE_API_VERSIONS,
  confidence: 'A',
  source: 'Veeam ONE REST API reference 2.3, Authentication',
} as const;

const section = (name: string) =>
  ({
    versions: ONE_API_VERSIONS,
    confidence: 'A',
    source: `Veeam ONE REST API reference 2.3, ${name}`,
    note: 'For v2.2 it is C: no specification was at hand; path and fields are taken from v2.3.',
  }) as const;

const ABOUT = section('About');
const TASKS = section('Task Sessions');
const PLANS = section('Veeam Backup & Replication Failover Plans');
const INFRASTRUCTURE = section('Veeam Backup & Replication Infrastructure');
const JOBS = section('Veeam Backup & Replication Jobs');
const DATA = section('Veeam Backup & Replication Protected Data');
const ALARMS = {
  ...section('Alarms'),
  note: 'v2.2 names alarmSource alarmAssignment and answers remediation as a list, as a public client of it shows (B there).',
} as const;

const VM = '/protectedData/virtualMachines/{vmUidInVbr}';
const COMPUTER = '/protectedData/computers/{computerUidInVbr}';

/** Every call of the client, by the verb that makes it. Paths that begin with `/api/` are whole. */
export const ONE_OPERATIONS = {
  login: { method: 'POST', path: '/api/token', ...OVERVIEW },
  revoke: { method: 'POST', path: '/api/revoke', ...OVERVIEW },

  'about.server': { method: 'GET', path: '/about', ...ABOUT },
  'about.installation': { method: 'GET', path: '/about/installationInfo', ...ABOUT },
  'about.updater': { method: 'GET', path: '/about/updater', ...ABOUT },
  'about.collectLogs': { method: 'POST', path: '/about/logs', ...ABOUT },
  'about.logsTask': { method: 'POST', path: '/about/logs/tasks/{taskId}/status', ...ABOUT },

  'sessions.list': { method: 'GET', path: '/sessions', ...TASKS },
  'sessions.get': { method: 'GET', path: '/sessions/{sessionId}', ...TASKS },
  'sessions.detailsOf': { method: 'GET', path: '/sessions/{sessionId}/details', ...TASKS },

  'dataCollection.status': { method: 'GET', path: '/dataCollection/status', ...TASKS },
  'dataCollection.tasks': { method: 'GET', path: '/dataCollection/tasks', ...TASKS },
  'dataCollection.schedule': { method: 'GET', path: '/dataCollection/schedule', ...TASKS },
  'dataCollection.changeSchedule': { method: 'PATCH', path: '/dataCollection/schedule', ...TASKS },
  'dataCollection.start': { method: 'POST', path: '/dataCollection/start', ...TASKS },
  'dataCollection.stop': { method: 'POST', path: '/dataCollection/stop', ...TASKS },

  'failoverPlans.list': { method: 'GET', path: '/vbr/failoverPlans', ...PLANS },
  'failoverPlans.get': { method: 'GET', path: '/vbr/failoverPlans/{failoverPlanUid}', ...PLANS },

  'replicationJobs.list': { method: 'GET', path: '/vbrJobs/vmReplicationJobs', ...JOBS },
  'replicationJobs.get': {
    method: 'GET',
    path: '/vbrJobs/vmReplicationJobs/{vmReplicationJobUid}',
    ...JOBS,
  },
  'cdpPolicies.list': { method: 'GET', path: '/vbrJobs/cdpPolicies', ...JOBS },
  'cdpPolicies.get': { method: 'GET', path: '/vbrJobs/cdpPolicies/{cdpPolicyUid}', ...JOBS },
  'sureBackupJobs.list': { method: 'GET', path: '/vbrJobs/sureBackupJobs', ...JOBS },
  'sureBackupJobs.get': { method: 'GET', path: '/vbrJobs/sureBackupJobs/{sureBackupJobUid}', ...JOBS },

  'protectedVms.list': { method: 'GET', path: '/protectedData/virtualMachines', ...DATA },
  'protectedVms.get': {
    method: 'GET',
    path: VM,
    ...DATA,
    note: 'Answers a page with one item. For v2.2 it is C, as the other calls.',
  },
  'protectedVms.backups': { method: 'GET', path: '/protectedData/virtualMachines/backups', ...DATA },
  'protectedVms.backupsOf': { method: 'GET', path: `${VM}/backups`, ...DATA },
  'protectedVms.backupRestorePointsOf': { method: 'GET', path: `${VM}/backupRestorePoints`, ...DATA },
  'protectedVms.replicaRestorePointsOf': { method: 'GET', path: `${VM}/replicaRestorePoints`, ...DATA },

  'protectedComputers.list': { method: 'GET', path: '/protectedData/computers', ...DATA },
  'protectedComputers.get': { method: 'GET', path: COMPUTER, ...DATA },
  'protectedComputers.backups': { method: 'GET', path: '/protectedData/computers/backups', ...DATA },
  'protectedComputers.backupsOf': { method: 'GET', path: `${COMPUTER}/backups`, ...DATA },
  'protectedComputers.backupRestorePointsOf': {
    method: 'GET',
    path: `${COMPUTER}/backupRestorePoints`,
    ...DATA,
  },

  'alarms.list': { method: 'GET', path: '/alarms/triggeredAlarms', ...ALARMS },
  'alarms.get': { method: 'GET', path: '/alarms/triggeredAlarms/{triggeredAlarmId}', ...ALARMS },
  'alarms.childrenOf': {
    method: 'GET',
    path: '/alarms/triggeredAlarms/{triggeredAlarmId}/triggeredChildAlarms',
    ...ALARMS,
  },
  'alarms.resolve': { method: 'POST', path: '/alarms/triggeredAlarms/resolve', ...ALARMS },
  'alarms.resolveChildren': { method: 'POST', path: '/alarms/triggeredChildAlarms/resolve', ...ALARMS },
  'alarms.resolveChildrenOf': {
    method: 'POST',
    path: '/alarms/triggeredAlarms/{triggeredAlarmId}/triggeredChildAlarms/resolve',
    ...ALARMS,
  },
  'alarmTemplates.list': { method: 'GET', path: '/alarms/templates', ...ALARMS },
  'alarmTemplates.get': { method: 'GET', path: '/alarms/templates/{alarmTemplateId}', ...ALARMS },

  'backupServers.list': { method: 'GET', path: '/vbr/backupServers', ...INFRASTRUCTURE },
  'backupServers.get': { method: 'GET', path: '/vbr/backupServers/{backupServerId}', ...INFRASTRUCTURE },
} as const satisfies Record<string, Operation>;
