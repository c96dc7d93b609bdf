import type { Operation } from '../operation.ts';
import { VRO_API_VERSIONS } from './versions.ts';

const EVERY = { versions: VRO_API_VERSIONS } as const;

/** A chapter of the vendor's reference for v7.21. */
const reference = <Chapter extends string>(chapter: Chapter) =>
  ({ ...EVERY, confidence: 'A', source: `VRO REST API reference 7.21, ${chapter}` }) as const;

const OVERVIEW = reference('Overview');
const CLIENTS = reference('Clients');
const PLANS = reference('Plans');
const RUNTIME = reference('RuntimeDetails');

/** The reference for v7.21 names the chapter only; the next one prints the first path in it. */
const LICENSE_NOTE =
  'Public clients of v7.21 write /LicenseUsage: when the server does not know one spelling, the client tries the other.';
const LICENSE_GUESS = {
  ...EVERY,
  confidence: 'GUESS',
  note: `The path follows from that for the server and from v3, where the id comes first. ${LICENSE_NOTE}`,
} as const;

/** The reference for v7.21 names the operation; the path is from that of its ancestor. */
const V3 = { ...EVERY, confidence: 'C', source: 'VAO REST API reference v3' } as const;
const V3_AND_CLIENTS = {
  ...EVERY,
  confidence: 'B',
  source: 'VAO REST API reference v3; public clients of v7.21',
} as const;
const V3_AND_V6 = {
  ...EVERY,
  confidence: 'C',
  source: 'VAO REST API reference v3; VDRO REST API change log v6',
} as const;
const V5 = { ...EVERY, confidence: 'C', source: 'VDRO REST API change log v5' } as const;

/**
 * Every call of VRO's REST API, by the method of {@link VroClient} that makes it. The only place with routes.
 * Paths stand below `/api/<version>`; those that begin with `/api/` are whole.
 */
export const VRO_OPERATIONS = {
  login: {
    ...OVERVIEW,
    method: 'POST',
    path: '/api/token',
    note: 'No method of its own: every call logs in when it has to.',
  },
  logout: { ...OVERVIEW, method: 'DELETE', path: '/api/token' },

  'mfa.generateCode': {
    ...reference('Mfa'),
    method: 'POST',
    path: '/Mfa/GenerateMfaCode',
    versions: ['v7.21'],
    note:
      'That older versions lack it follows from the change log of v7.21, which introduces the grant mfa. It is sent ' +
      'with what the login by password hands out, as the account has no session yet.',
  },

  'clients.create': { ...CLIENTS, method: 'POST', path: '/Clients' },
  'clients.list': { ...CLIENTS, method: 'GET', path: '/Clients' },
  'clients.delete': { ...CLIENTS, method: 'DELETE', path: '/Clients' },

  plans: { ...PLANS, method: 'GET', path: '/Plans' },
  plan: { ...PLANS, method: 'GET', path: '/Plans/{planId}' },
  'planContents.groups': { ...V3_AND_CLIENTS, method: 'GET', path: '/Plans/{planId}/Groups' },
  'planContents.groupVms': {
    ...V3_AND_CLIENTS,
    method: 'GET',
    path: '/Plans/{planId}/Groups/{groupId}/Vms',
  },
  'planContents.vmSteps': { ...V3_AND_CLIENTS, method: 'GET', path: '/Plans/{planId}/Vms/{vmId}/Steps' },
  'planContents.groupSteps': { ...V3, method: 'GET', path: '/Plans/{planId}/Groups/{groupId}/Steps' },
  'planContents.stepParameters': { ...V3, method: 'GET', path: '/Plans/{planId}/Steps/{stepId}/Parameters' },

  enable: { ...V3, method: 'POST', path: '/Plans/{planId}/Enable' },
  disable: { ...V3, method: 'POST', path: '/Plans/{planId}/Disable' },
  readinessCheck: { ...V3_AND_CLIENTS, method: 'POST', path: '/Plans/{planId}/ReadinessCheck' },
  failover: { ...V3_AND_CLIENTS, method: 'POST', path: '/Plans/{planId}/Failover' },
  restore: {
    ...EVERY,
    confidence: 'B',
    source: 'VAO REST API reference v3; VDRO REST API change log v6; a script of the vendor for v7.1',
    method: 'POST',
    path: '/Plans/{planId}/Restore',
    note:
      'The script proves restoreLocationId, virusScan and yaraScan for v7.1. The newer names of the other scan ' +
      'options are documented for schedules only.',
  },
  halt: { ...V3, method: 'POST', path: '/Plans/{planId}/Halt' },
  continuePlan: { ...V3, method: 'POST', path: '/Plans/{planId}/Continue' },
  undo: { ...V3, method: 'POST', path: '/Plans/{planId}/Undo' },
  permanentFailover: { ...V3, method: 'POST', path: '/Plans/{planId}/PermanentFailover' },
  failbackToProduction: { ...V3_AND_CLIENTS, method: 'POST', path: '/Plans/{planId}/FailbackToProduction' },
  prepareToFailback: {
    ...V5,
    method: 'POST',
    path: '/Plans/{planId}/PrepareToFailback',
    note: 'The body is a guess: that of failbackToProduction, and quickRollback. Leave out what the server refuses.',
  },
  switchoverToProduction: {
    ...V5,
    method: 'POST',
    path: '/Plans/{planId}/SwitchoverToProduction',
    note: 'That it takes no body is a guess.',
  },
  commitFailback: { ...V3, method: 'POST', path: '/Plans/{planId}/CommitFailback' },
  resetState: { ...V3, method: 'POST', path: '/Plans/{planId}/ResetState' },
  resetChangeLog: { ...V3, method: 'POST', path: '/Plans/{planId}/ResetChangeLog' },
  clone: {
    ...V5,
    method: 'POST',
    path: '/Plans/{planId}/Clone',
    note: 'The body (name, description) and the id of the new plan in the answer are guesses.',
  },
  'schedule.saveTime': {
    ...V3_AND_V6,
    method: 'PUT',
    path: '/Plans/{planId}/Schedule/SaveTime',
    note: 'v3 took startTime in the query; v6 and later have a body.',
  },
  'schedule.saveRunAfter': {
    ...V3_AND_V6,
    method: 'PUT',
    path: '/Plans/{planId}/Schedule/SaveRunAfter',
    note: 'v3 took previousPlanId in the query; v6 and later have a body.',
  },
  'schedule.delete': { ...V3, method: 'DELETE', path: '/Plans/{planId}/Schedule' },

  'recoveryLocations.list': { ...OVERVIEW, method: 'GET', path: '/RecoveryLocations' },
  'recoveryLocations.get': { ...V3, method: 'GET', path: '/RecoveryLocations/{recoveryLocationId}' },

  'runtimeDetails.plan': { ...RUNTIME, method: 'GET', path: '/RuntimeDetails/Plans/{planId}' },
  'runtimeDetails.groups': { ...RUNTIME, method: 'GET', path: '/RuntimeDetails/Plans/{planId}/Groups' },
  'runtimeDetails.groupVms': {
    ...RUNTIME,
    method: 'GET',
    path: '/RuntimeDetails/Plans/{planId}/Groups/{groupId}',
  },
  'runtimeDetails.groupSteps': {
    ...RUNTIME,
    method: 'GET',
    path: '/RuntimeDetails/Plans/{planId}/Groups/{groupId}/Steps',
  },
  'runtimeDetails.vmSteps': {
    ...RUNTIME,
    method: 'GET',
    path: '/RuntimeDetails/Plans/{planId}/Vms/{vmId}/Steps',
  },
  'runtimeDetails.step': {
    ...RUNTIME,
    method: 'GET',
    path: '/RuntimeDetails/Plans/{planId}/Steps/{stepId}',
  },

  'scopes.list': {
    ...EVERY,
    method: 'GET',
    path: '/Scopes',
    confidence: 'B',
    source: 'VRO REST API reference 13, Scopes; public clients of v7.21',
  },
  'scopes.yaraRules': {
    ...EVERY,
    method: 'GET',
    path: '/Scopes/{scopeId}/YaraRules',
    confidence: 'C',
    source: 'VRO REST API change log v7.1',
  },

  'licenseUsage.server': {
    ...EVERY,
    method: 'GET',
    path: '/License/Usage/Server',
    confidence: 'C',
    source: 'VRO REST API reference 13, LicenseUsage',
    note: LICENSE_NOTE,
  },
  'licenseUsage.scope': {
    ...LICENSE_GUESS,
    method: 'GET',
    path: '/License/Usage/Scopes/{scopeId}',
    source: 'VRO REST API reference 13, LicenseUsage; VAO REST API reference v3',
  },
  'licenseUsage.plan': {
    ...LICENSE_GUESS,
    method: 'GET',
    path: '/License/Usage/Plans/{planId}',
    source: 'VAO REST API reference v3',
  },
} as const satisfies Readonly<Record<string, Operation>>;

/** The names of the operations; all but `login` are methods of the client. */
export type VroVerb = keyof typeof VRO_OPERATIONS;
