import type { VBR_OPERATIONS, VbrClient } from '../../src/veeam/index.ts';
import type { Exercise } from './exercise.ts';

const ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const REPLICA = 'e7c0ef09-8bd4-4cbd-b26a-2fd0177e6b0c';
const POINTS = ['c8435ccb-5ecf-4fa5-b429-f703b9a37bef', 'e67070c7-7116-4c57-a90e-12be7f0a94f1'];
const DATE = '2026-11-21T06:00:00Z';
const VM = { platform: 'VMware', hostName: 'vc', name: 'erp-db', type: 'VirtualMachine' } as const;

const BACKUP = { id: ID, name: 'Agents - srv1', creationTime: DATE };
const PAGINATION = { total: 1, count: 1, skip: 0, limit: 200 };

/** One call of every operation. The type makes a new operation without one fail to compile. */
export const VBR_EXERCISES: Readonly<Record<keyof typeof VBR_OPERATIONS, Exercise<VbrClient>>> = {
  login: { call: (vbr) => vbr.serverInfo(), sent: 'POST /api/oauth2/token' },
  logout: {
    call: async (vbr) => {
      await vbr.serverInfo();
      await vbr.logout();
    },
    sent: 'POST /api/oauth2/logout',
  },
  'authorizationCode.create': {
    call: (vbr, options) => vbr.authorizationCode.create(options),
    sent: 'POST /api/oauth2/authorization_code',
  },
  serverTime: { call: (vbr) => vbr.serverTime(), sent: 'GET /api/v1/serverTime' },
  serverInfo: { call: (vbr) => vbr.serverInfo(), sent: 'GET /api/v1/serverInfo' },

  'recoveryTokens.list': {
    call: (vbr) =>
      vbr.recoveryTokens.list({
        skip: 1,
        limit: 2,
        orderColumn: 'Name',
        orderAsc: true,
        nameFilter: 'srv*',
      }),
    sent: 'GET /api/v1/agents/recoveryTokens?skip=1&limit=2&orderColumn=Name&orderAsc=true&nameFilter=srv*',
  },
  'recoveryTokens.create': {
    call: (vbr, options) => vbr.recoveryTokens.create({ backupIds: [ID], expirationDate: DATE }, options),
    sent: 'POST /api/v1/agents/recoveryTokens',
    body: { backupIds: [ID], expirationDate: DATE },
  },
  'recoveryTokens.get': {
    call: (vbr) => vbr.recoveryTokens.get(ID),
    sent: `GET /api/v1/agents/recoveryTokens/${ID}`,
  },
  'recoveryTokens.update': {
    call: (vbr, options) =>
      vbr.recoveryTokens.update({ id: ID, name: 'srv1', expirationDate: DATE }, options),
    sent: `PUT /api/v1/agents/recoveryTokens/${ID}`,
    body: { id: ID, name: 'srv1', expirationDate: DATE },
  },
  'recoveryTokens.remove': {
    call: (vbr, options) => vbr.recoveryTokens.remove(ID, options),
    sent: `DELETE /api/v1/agents/recoveryTokens/${ID}`,
  },

  'backups.list': {
    call: (vbr) => vbr.backups.list({ nameFilter: '*srv1*', orderColumn: 'CreationTime', orderAsc: false }),
    sent: 'GET /api/v1/backups?nameFilter=*srv1*&orderColumn=CreationTime&orderAsc=false',
    answer: { data: [BACKUP], pagination: PAGINATION },
  },
  'backups.get': {
    call: (vbr) => vbr.backups.get(ID),
    sent: `GET /api/v1/backups/${ID}`,
    answer: BACKUP,
  },
  'backups.objects': {
    call: (vbr) => vbr.backups.objects(ID),
    sent: `GET /api/v1/backups/${ID}/objects?skip=0&limit=200`,
    answer: { data: [{ id: ID, name: 'srv1' }], pagination: PAGINATION },
  },

  'replicas.list': {
    call: (vbr) =>
      vbr.replicas.list({
        skip: 0,
        limit: 50,
        orderColumn: 'PolicyTag',
        orderAsc: false,
        nameFilter: 'erp*',
        createdAfterFilter: DATE,
        createdBeforeFilter: DATE,
        platformIdFilter: ID,
        jobIdFilter: ID,
        policyTagFilter: 'gold',
        stateFilter: 'ReadyToSwitch',
      }),
    sent:
      'GET /api/v1/replicas?skip=0&limit=50&orderColumn=PolicyTag&orderAsc=false&nameFilter=erp*' +
      `&createdAfterFilter=${encodeURIComponent(DATE)}&createdBeforeFilter=${encodeURIComponent(DATE)}` +
      `&platformIdFilter=${ID}&jobIdFilter=${ID}&policyTagFilter=gold&stateFilter=ReadyToSwitch`,
  },
  'replicas.get': { call: (vbr) => vbr.replicas.get(REPLICA), sent: `GET /api/v1/replicas/${REPLICA}` },
  'replicas.rescan': {
    call: (vbr, options) => vbr.replicas.rescan([REPLICA], options),
    sent: 'POST /api/v1/replicas/rescan',
    body: { replicaIds: [REPLICA] },
  },
  'replicaPoints.list': {
    call: (vbr) =>
      vbr.replicaPoints.list({
        orderColumn: 'ReplicaId',
        platformNameFilter: 'VMware',
        replicaIdFilter: REPLICA,
        malwareStatusFilter: 'Clean',
      }),
    sent: `GET /api/v1/replicaPoints?orderColumn=ReplicaId&platformNameFilter=VMware&replicaIdFilter=${REPLICA}&malwareStatusFilter=Clean`,
  },
  'replicaPoints.get': {
    call: (vbr) => vbr.replicaPoints.get(ID),
    sent: `GET /api/v1/replicaPoints/${ID}`,
  },
  'replicaPoints.of': {
    call: (vbr) => vbr.replicaPoints.of(REPLICA).list({ orderColumn: 'CreationTime', orderAsc: false }),
    sent: `GET /api/v1/replicas/${REPLICA}/replicaPoints?orderColumn=CreationTime&orderAsc=false`,
  },
  'replicaPoints.getOf': {
    call: (vbr) => vbr.replicaPoints.getOf(REPLICA, ID),
    sent: `GET /api/v1/replicas/${REPLICA}/replicaPoints/${ID}`,
  },

  'failover.now': {
    call: (vbr, options) => vbr.failover.now({ replicaPointIds: POINTS, reason: 'flood' }, options),
    sent: 'POST /api/v1/failover/failoverNow/vSphere/snapshot',
    body: { replicaPointIds: POINTS, reason: 'flood' },
  },
  'failover.planned': {
    call: (vbr, options) => vbr.failover.planned({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/plannedFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failover.permanent': {
    call: (vbr, options) => vbr.failover.permanent({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/permanentFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failover.undo': {
    call: (vbr, options) => vbr.failover.undo({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failover/undoFailover/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },

  'failback.start': {
    call: (vbr, options) =>
      vbr.failback.start(
        {
          type: 'OriginalVM',
          replicaPointIds: [ID],
          targetVM: [{ replicaPointId: ID, destinationVM: VM }],
          failbackMode: { type: 'Scheduled', scheduledTime: DATE },
          powerOnTargetVM: true,
        },
        options,
      ),
    sent: 'POST /api/v1/failback/failbackToProduction/vSphere/snapshot',
    body: {
      type: 'OriginalVM',
      replicaPointIds: [ID],
      targetVM: [{ replicaPointId: ID, destinationVM: VM }],
      failbackMode: { type: 'Scheduled', scheduledTime: DATE },
      powerOnTargetVM: true,
    },
  },
  'failback.switchToProduction': {
    call: (vbr, options) => vbr.failback.switchToProduction({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/switchToProduction/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failback.changeSwitchoverTime': {
    call: (vbr, options) =>
      vbr.failback.changeSwitchoverTime(
        { replicaPointIds: POINTS, failbackMode: { type: 'Manual' } },
        options,
      ),
    sent: 'POST /api/v1/failback/changeSwitchoverTime/vSphere/snapshot',
    body: { replicaPointIds: POINTS, failbackMode: { type: 'Manual' } },
  },
  'failback.commit': {
    call: (vbr, options) => vbr.failback.commit({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/commitFailback/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },
  'failback.undo': {
    call: (vbr, options) => vbr.failback.undo({ replicaPointIds: POINTS }, options),
    sent: 'POST /api/v1/failback/undoFailback/vSphere/snapshot',
    body: { replicaPointIds: POINTS },
  },

  'sessions.list': {
    call: (vbr) =>
      vbr.sessions.list({
        orderColumn: 'EndTime',
        endedAfterFilter: DATE,
        endedBeforeFilter: DATE,
        typeFilter: 'PlannedFailover',
        stateFilter: 'Stopped',
        resultFilter: 'Success',
        jobIdFilter: ID,
      }),
    sent:
      `GET /api/v1/sessions?orderColumn=EndTime&endedAfterFilter=${encodeURIComponent(DATE)}` +
      `&endedBeforeFilter=${encodeURIComponent(DATE)}&typeFilter=PlannedFailover&stateFilter=Stopped` +
      `&resultFilter=Success&jobIdFilter=${ID}`,
  },
  'sessions.get': { call: (vbr) => vbr.sessions.get(ID), sent: `GET /api/v1/sessions/${ID}` },
  'sessions.logs': { call: (vbr) => vbr.sessions.logs(ID), sent: `GET /api/v1/sessions/${ID}/logs` },
  'sessions.stop': {
    call: (vbr, options) => vbr.sessions.stop(ID, options),
    sent: `POST /api/v1/sessions/${ID}/stop`,
  },
  'sessions.taskSessions': {
    call: (vbr) => vbr.sessions.taskSessions(ID),
    sent: `GET /api/v1/sessions/${ID}/taskSessions`,
  },
  'taskSessions.list': {
    call: (vbr) =>
      vbr.taskSessions.list({
        orderColumn: 'ScanState',
        typeFilter: 'Antivirus',
        sessionTypeFilter: 'SureBackup',
        scanTypeFilter: 'Yara',
        scanResultFilter: 'Infected',
        scanStateFilter: 'Finished',
        sessionIdFilter: ID,
      }),
    sent:
      'GET /api/v1/taskSessions?orderColumn=ScanState&typeFilter=Antivirus&sessionTypeFilter=SureBackup' +
      `&scanTypeFilter=Yara&scanResultFilter=Infected&scanStateFilter=Finished&sessionIdFilter=${ID}`,
  },
  'taskSessions.get': { call: (vbr) => vbr.taskSessions.get(ID), sent: `GET /api/v1/taskSessions/${ID}` },
  'taskSessions.logs': {
    call: (vbr) => vbr.taskSessions.logs(ID),
    sent: `GET /api/v1/taskSessions/${ID}/logs`,
  },
};
