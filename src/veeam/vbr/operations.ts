import type { Operation } from '../operation.ts';

/** The versions of the API that the client speaks, as `x-api-version` spells them. */
export const VBR_API_VERSIONS = ['1.1-rev0', '1.1-rev1', '1.2-rev1'] as const;

const SINCE_REV0 = VBR_API_VERSIONS;
const SINCE_REV1 = ['1.1-rev1', '1.2-rev1'] as const;
const SINCE_12 = ['1.2-rev1'] as const;

const LOGIN = {
  versions: SINCE_REV0,
  confidence: 'A',
  source: 'VBR REST API reference 1.1-rev1, Login',
} as const;
const AGENTS = {
  versions: SINCE_REV0,
  confidence: 'A',
  source: 'VBR REST API reference 1.1-rev0, Agents',
} as const;
const SERVICE = {
  versions: SINCE_REV0,
  confidence: 'A',
  source: 'VBR REST API reference 1.2-rev1, Service',
} as const;
const SESSIONS = {
  versions: SINCE_REV0,
  confidence: 'A',
  source: 'VBR REST API reference 1.2-rev1, Sessions',
  note: '1.1 calls the job of a session activityId; the client hands it out as jobId in every version.',
} as const;
const TASK_SESSIONS = {
  versions: SINCE_12,
  confidence: 'A',
  source: 'VBR REST API reference 1.2-rev1, Task Sessions',
  note: 'Not in 1.1-rev0. Whether 1.1-rev1 has it is unknown, so it is refused there.',
} as const;

const BACKUPS = {
  versions: SINCE_REV0,
  confidence: 'B',
  source: "the vendor's Go SDK for 1.0; public clients of 1.1 and 1.2",
  note: 'Needed to find the backup of an agent. No reference of these versions that prints it was at hand.',
} as const;

/** What 1.1-rev1 is only known to have by the names of its sections. */
const dr = (section: 'Replicas' | 'Replica Restore Points' | 'Failover' | 'Failback') =>
  ({
    versions: SINCE_REV1,
    confidence: 'A',
    source: `VBR REST API reference 1.2-rev1, ${section}`,
    note: 'For 1.1-rev1 it is B: only the section is named there; path and body are taken from 1.2-rev1.',
  }) as const;

const REPLICAS = dr('Replicas');
const POINTS = dr('Replica Restore Points');
const FAILOVER = dr('Failover');
const FAILBACK = dr('Failback');

/** Every call of the client, by the verb that makes it. */
export const VBR_OPERATIONS = {
  login: { method: 'POST', path: '/api/oauth2/token', ...LOGIN },
  logout: { method: 'POST', path: '/api/oauth2/logout', ...LOGIN },
  'authorizationCode.create': { method: 'POST', path: '/api/oauth2/authorization_code', ...LOGIN },

  serverTime: { method: 'GET', path: '/api/v1/serverTime', ...SERVICE },
  serverInfo: { method: 'GET', path: '/api/v1/serverInfo', ...SERVICE },

  'recoveryTokens.list': { method: 'GET', path: '/api/v1/agents/recoveryTokens', ...AGENTS },
  'recoveryTokens.create': { method: 'POST', path: '/api/v1/agents/recoveryTokens', ...AGENTS },
  'recoveryTokens.get': { method: 'GET', path: '/api/v1/agents/recoveryTokens/{id}', ...AGENTS },
  'recoveryTokens.update': { method: 'PUT', path: '/api/v1/agents/recoveryTokens/{id}', ...AGENTS },
  'recoveryTokens.remove': { method: 'DELETE', path: '/api/v1/agents/recoveryTokens/{id}', ...AGENTS },

  'replicas.list': { method: 'GET', path: '/api/v1/replicas', ...REPLICAS },
  'replicas.get': { method: 'GET', path: '/api/v1/replicas/{id}', ...REPLICAS },
  'replicas.rescan': {
    method: 'POST',
    path: '/api/v1/replicas/rescan',
    ...REPLICAS,
    note: "The vendor's example names the field replicaPointIds, its schema replicaIds: the schema is followed. For 1.1-rev1 it is B, as the other calls of this section.",
  },
  'replicaPoints.list': { method: 'GET', path: '/api/v1/replicaPoints', ...POINTS },
  'replicaPoints.get': { method: 'GET', path: '/api/v1/replicaPoints/{id}', ...POINTS },
  'replicaPoints.of': { method: 'GET', path: '/api/v1/replicas/{id}/replicaPoints', ...POINTS },
  'replicaPoints.getOf': {
    method: 'GET',
    path: '/api/v1/replicas/{replicaId}/replicaPoints/{id}',
    ...POINTS,
  },

  'failover.now': { method: 'POST', path: '/api/v1/failover/failoverNow/vSphere/snapshot', ...FAILOVER },
  'failover.planned': {
    method: 'POST',
    path: '/api/v1/failover/plannedFailover/vSphere/snapshot',
    ...FAILOVER,
  },
  'failover.permanent': {
    method: 'POST',
    path: '/api/v1/failover/permanentFailover/vSphere/snapshot',
    ...FAILOVER,
  },
  'failover.undo': { method: 'POST', path: '/api/v1/failover/undoFailover/vSphere/snapshot', ...FAILOVER },

  'failback.start': {
    method: 'POST',
    path: '/api/v1/failback/failbackToProduction/vSphere/snapshot',
    ...FAILBACK,
    note: "The vendor's prose once leaves failbackToProduction out of the path; its path list and 1.3 have it. For 1.1-rev1 it is B, as the other calls of this section.",
  },
  'failback.switchToProduction': {
    method: 'POST',
    path: '/api/v1/failback/switchToProduction/vSphere/snapshot',
    ...FAILBACK,
  },
  'failback.changeSwitchoverTime': {
    method: 'POST',
    path: '/api/v1/failback/changeSwitchoverTime/vSphere/snapshot',
    ...FAILBACK,
  },
  'failback.commit': {
    method: 'POST',
    path: '/api/v1/failback/commitFailback/vSphere/snapshot',
    ...FAILBACK,
  },
  'failback.undo': { method: 'POST', path: '/api/v1/failback/undoFailback/vSphere/snapshot', ...FAILBACK },

  'backups.list': { method: 'GET', path: '/api/v1/backups', ...BACKUPS },
  'backups.get': { method: 'GET', path: '/api/v1/backups/{id}', ...BACKUPS },
  'backups.objects': { method: 'GET', path: '/api/v1/backups/{id}/objects', ...BACKUPS },

  'sessions.list': { method: 'GET', path: '/api/v1/sessions', ...SESSIONS },
  'sessions.get': { method: 'GET', path: '/api/v1/sessions/{id}', ...SESSIONS },
  'sessions.logs': { method: 'GET', path: '/api/v1/sessions/{id}/logs', ...SESSIONS },
  'sessions.stop': { method: 'POST', path: '/api/v1/sessions/{id}/stop', ...SESSIONS },
  'sessions.taskSessions': { method: 'GET', path: '/api/v1/sessions/{id}/taskSessions', ...TASK_SESSIONS },

  'taskSessions.list': { method: 'GET', path: '/api/v1/taskSessions', ...TASK_SESSIONS },
  'taskSessions.get': { method: 'GET', path: '/api/v1/taskSessions/{id}', ...TASK_SESSIONS },
  'taskSessions.logs': { method: 'GET', path: '/api/v1/taskSessions/{id}/logs', ...TASK_SESSIONS },
} as const satisfies Record<string, Operation>;
