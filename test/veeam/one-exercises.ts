import { oneQuery } from '../../src/veeam/index.ts';
import type { ONE_OPERATIONS, OneClient } from '../../src/veeam/index.ts';
import type { Exercise } from './exercise.ts';

const UID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const ROOT = '/api/v2.3';

const FILTER = oneQuery.where('name').contains('erp');
const QUERY = { offset: 3, limit: 4, filter: FILTER, sort: oneQuery.sortBy('name') } as const;
const SENT_QUERY =
  '?Offset=3&Limit=4&Filter={"property":"name","operation":"contains","value":"erp"}' +
  '&Sort={"property":"name","direction":"ascending"}';
const RESOLUTION = { comment: 'drill', resolveType: 'Resolve' } as const;

/** One call of every operation. The type makes a new operation without one fail to compile. */
export const ONE_EXERCISES: Readonly<Record<keyof typeof ONE_OPERATIONS, Exercise<OneClient>>> = {
  login: { call: (one) => one.about.server(), sent: 'POST /api/token' },
  revoke: {
    call: (one, options) => one.revoke({ userSid: 'S-1-5-21-500' }, options),
    sent: 'POST /api/revoke',
  },

  'about.server': { call: (one) => one.about.server(), sent: `GET ${ROOT}/about` },
  'about.installation': {
    call: (one) => one.about.installation(),
    sent: `GET ${ROOT}/about/installationInfo`,
  },
  'about.updater': { call: (one) => one.about.updater(), sent: `GET ${ROOT}/about/updater` },
  'about.collectLogs': {
    call: (one, options) => one.about.collectLogs({ fromDate: '2026-11-20T00:00:00Z' }, options),
    sent: `POST ${ROOT}/about/logs`,
    body: { fromDate: '2026-11-20T00:00:00Z' },
  },
  'about.logsTask': {
    call: (one) => one.about.logsTask(UID),
    sent: `POST ${ROOT}/about/logs/tasks/${UID}/status`,
  },

  'sessions.list': { call: (one) => one.sessions.list(QUERY), sent: `GET ${ROOT}/sessions${SENT_QUERY}` },
  'sessions.get': { call: (one) => one.sessions.get(1000), sent: `GET ${ROOT}/sessions/1000` },
  'sessions.detailsOf': {
    call: (one) => one.sessions.detailsOf(1000).list({ limit: 5 }),
    sent: `GET ${ROOT}/sessions/1000/details?Limit=5`,
  },

  'dataCollection.status': {
    call: (one) => one.dataCollection.status(),
    sent: `GET ${ROOT}/dataCollection/status`,
  },
  'dataCollection.tasks': {
    call: (one) => one.dataCollection.tasks.list({ offset: 1, limit: 2 }),
    sent: `GET ${ROOT}/dataCollection/tasks?Offset=1&Limit=2`,
  },
  'dataCollection.schedule': {
    call: (one) => one.dataCollection.schedule(),
    sent: `GET ${ROOT}/dataCollection/schedule`,
  },
  'dataCollection.changeSchedule': {
    call: (one, options) =>
      one.dataCollection.changeSchedule(
        {
          startTime: '2026-11-18T21:00:00Z',
          timeZoneId: '',
          scheduleType: 'Periodic',
          disabled: false,
          periodically: { period: 1, interval: 'Hours' },
        },
        options,
      ),
    sent: `PATCH ${ROOT}/dataCollection/schedule`,
    body: {
      startTime: '2026-11-18T21:00:00Z',
      timeZoneId: '',
      scheduleType: 'Periodic',
      disabled: false,
      periodically: { period: 1, interval: 'Hours' },
    },
  },
  'dataCollection.start': {
    call: (one, options) => one.dataCollection.start(options),
    sent: `POST ${ROOT}/dataCollection/start`,
  },
  'dataCollection.stop': {
    call: (one, options) => one.dataCollection.stop(options),
    sent: `POST ${ROOT}/dataCollection/stop`,
  },

  'failoverPlans.list': {
    call: (one) => one.failoverPlans.list(QUERY),
    sent: `GET ${ROOT}/vbr/failoverPlans${SENT_QUERY}`,
  },
  'failoverPlans.get': {
    call: (one) => one.failoverPlans.get(UID),
    sent: `GET ${ROOT}/vbr/failoverPlans/${UID}`,
  },
  'replicationJobs.list': {
    call: (one) => one.replicationJobs.list(QUERY),
    sent: `GET ${ROOT}/vbrJobs/vmReplicationJobs${SENT_QUERY}`,
  },
  'replicationJobs.get': {
    call: (one) => one.replicationJobs.get(UID),
    sent: `GET ${ROOT}/vbrJobs/vmReplicationJobs/${UID}`,
  },
  'cdpPolicies.list': {
    call: (one) => one.cdpPolicies.list(),
    sent: `GET ${ROOT}/vbrJobs/cdpPolicies`,
  },
  'cdpPolicies.get': {
    call: (one) => one.cdpPolicies.get(UID),
    sent: `GET ${ROOT}/vbrJobs/cdpPolicies/${UID}`,
  },
  'sureBackupJobs.list': {
    call: (one) => one.sureBackupJobs.list(),
    sent: `GET ${ROOT}/vbrJobs/sureBackupJobs`,
  },
  'sureBackupJobs.get': {
    call: (one) => one.sureBackupJobs.get(UID),
    sent: `GET ${ROOT}/vbrJobs/sureBackupJobs/${UID}`,
  },

  'protectedVms.list': {
    call: (one) => one.protectedVms.all(),
    sent: `GET ${ROOT}/protectedData/virtualMachines?Offset=0&Limit=200`,
  },
  'protectedVms.get': {
    call: (one) => one.protectedVms.get(UID),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}`,
  },
  'protectedVms.backups': {
    call: (one) => one.protectedVms.backups.list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/backups`,
  },
  'protectedVms.backupsOf': {
    call: (one) => one.protectedVms.backupsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/backups`,
  },
  'protectedVms.backupRestorePointsOf': {
    call: (one) => one.protectedVms.backupRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/backupRestorePoints`,
  },
  'protectedVms.replicaRestorePointsOf': {
    call: (one) => one.protectedVms.replicaRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/virtualMachines/${UID}/replicaRestorePoints`,
  },
  'protectedComputers.list': {
    call: (one) => one.protectedComputers.list(),
    sent: `GET ${ROOT}/protectedData/computers`,
  },
  'protectedComputers.get': {
    call: (one) => one.protectedComputers.get(UID),
    sent: `GET ${ROOT}/protectedData/computers/${UID}`,
  },
  'protectedComputers.backups': {
    call: (one) => one.protectedComputers.backups.list(),
    sent: `GET ${ROOT}/protectedData/computers/backups`,
  },
  'protectedComputers.backupsOf': {
    call: (one) => one.protectedComputers.backupsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/computers/${UID}/backups`,
  },
  'protectedComputers.backupRestorePointsOf': {
    call: (one) => one.protectedComputers.backupRestorePointsOf(UID).list(),
    sent: `GET ${ROOT}/protectedData/computers/${UID}/backupRestorePoints`,
  },

  'alarms.list': {
    call: (one) => one.alarms.select(['name', 'alarmSource'], { filter: FILTER }),
    sent:
      `GET ${ROOT}/alarms/triggeredAlarms?Offset=0&Limit=200` +
      '&Filter={"property":"name","operation":"contains","value":"erp"}' +
      '&Select=triggeredAlarmId,status,triggeredTime,name,alarmSource',
  },
  'alarms.get': { call: (one) => one.alarms.get(17), sent: `GET ${ROOT}/alarms/triggeredAlarms/17` },
  'alarms.childrenOf': {
    call: (one) => one.alarms.childrenOf(17).list(),
    sent: `GET ${ROOT}/alarms/triggeredAlarms/17/triggeredChildAlarms`,
  },
  'alarms.resolve': {
    call: (one, options) => one.alarms.resolve({ triggeredAlarmIds: [17, 18], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredAlarms/resolve`,
    body: { triggeredAlarmIds: [17, 18], ...RESOLUTION },
  },
  'alarms.resolveChildren': {
    call: (one, options) =>
      one.alarms.resolveChildren({ triggeredChildAlarmIds: [3], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredChildAlarms/resolve`,
    body: { triggeredChildAlarmIds: [3], ...RESOLUTION },
  },
  'alarms.resolveChildrenOf': {
    call: (one, options) =>
      one.alarms.resolveChildrenOf(17, { triggeredChildAlarmIds: [3], ...RESOLUTION }, options),
    sent: `POST ${ROOT}/alarms/triggeredAlarms/17/triggeredChildAlarms/resolve`,
    body: { triggeredChildAlarmIds: [3], ...RESOLUTION },
  },
  'alarmTemplates.list': { call: (one) => one.alarmTemplates.list(), sent: `GET ${ROOT}/alarms/templates` },
  'alarmTemplates.get': {
    call: (one) => one.alarmTemplates.get(331),
    sent: `GET ${ROOT}/alarms/templates/331`,
  },
  'backupServers.list': { call: (one) => one.backupServers.list(), sent: `GET ${ROOT}/vbr/backupServers` },
  'backupServers.get': {
    call: (one) => one.backupServers.get(2),
    sent: `GET ${ROOT}/vbr/backupServers/2`,
  },
};
