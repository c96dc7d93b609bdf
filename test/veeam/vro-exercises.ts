import type { VroClient, VroVerb } from '../../src/veeam/index.ts';
import type { Exercise } from './exercise.ts';

const PLAN = '35818d71-45c7-4094-858b-efcce1d73e2c';
const GROUP = '04c0ffa2-b2aa-435d-8eaa-c79d14af16f6';
const VM = 'e331e72a-d006-434b-ac0a-a5d3ba6d831d';
const STEP = '6eecdb22-6901-41c6-be98-577f4f01b6b4';
const LOCATION = '66b41f69-36ae-4a3e-9f17-54ea4635c975';
const SCOPE = '7514bfcc-dd93-418c-8ae3-8f43cc9bc9f7';
const CLIENT = '4a346f40-d4b6-4ed8-913d-d6e1297a75a4';

const PAGE = { total: 0, data: [] };
const FIRST_PAGE = '?start=0&limit=200';
/** One call of every operation. The type makes a new operation without one fail to compile. */
export const VRO_EXERCISES: Readonly<Record<VroVerb, Exercise<VroClient>>> = {
  login: { call: (vro) => vro.plan(PLAN), sent: 'POST /api/token' },
  logout: {
    call: async (vro) => {
      await vro.plan(PLAN);
      await vro.logout();
    },
    sent: 'DELETE /api/token',
  },
  'mfa.generateCode': {
    call: (vro) => vro.mfa.generateCode({ mfaToken: 'eyJ.mfa' }),
    sent: 'POST /api/v7.21/Mfa/GenerateMfaCode',
    body: { mfaToken: 'eyJ.mfa' },
    answer: { mfaKey: 'HBIG4FZN' },
  },
  'clients.create': {
    call: (vro) => vro.clients.create(),
    sent: 'POST /api/v7.21/Clients',
    answer: { client_id: CLIENT, client_secret: 's3cret' },
  },
  'clients.list': { call: (vro) => vro.clients.list(), sent: 'GET /api/v7.21/Clients', answer: [CLIENT] },
  'clients.delete': {
    call: (vro) => vro.clients.delete(CLIENT),
    sent: `DELETE /api/v7.21/Clients?clientId=${CLIENT}`,
  },
  plans: { call: (vro) => vro.plans(), sent: 'GET /api/v7.21/Plans', answer: PAGE },
  plan: { call: (vro) => vro.plan(PLAN), sent: `GET /api/v7.21/Plans/${PLAN}` },
  'planContents.groups': {
    call: (vro) => vro.planContents.groups(PLAN),
    sent: `GET /api/v7.21/Plans/${PLAN}/Groups${FIRST_PAGE}`,
    answer: PAGE,
  },
  'planContents.groupVms': {
    call: (vro) => vro.planContents.groupVms(PLAN, GROUP),
    sent: `GET /api/v7.21/Plans/${PLAN}/Groups/${GROUP}/Vms${FIRST_PAGE}`,
    answer: PAGE,
  },
  'planContents.vmSteps': {
    call: (vro) => vro.planContents.vmSteps(PLAN, VM),
    sent: `GET /api/v7.21/Plans/${PLAN}/Vms/${VM}/Steps${FIRST_PAGE}`,
    answer: PAGE,
  },
  'planContents.groupSteps': {
    call: (vro) => vro.planContents.groupSteps(PLAN, GROUP),
    sent: `GET /api/v7.21/Plans/${PLAN}/Groups/${GROUP}/Steps${FIRST_PAGE}`,
    answer: PAGE,
  },
  'planContents.stepParameters': {
    call: (vro) => vro.planContents.stepParameters(PLAN, STEP),
    sent: `GET /api/v7.21/Plans/${PLAN}/Steps/${STEP}/Parameters${FIRST_PAGE}`,
    answer: PAGE,
  },
  enable: { call: (vro) => vro.enable(PLAN), sent: `POST /api/v7.21/Plans/${PLAN}/Enable` },
  disable: { call: (vro) => vro.disable(PLAN), sent: `POST /api/v7.21/Plans/${PLAN}/Disable` },
  readinessCheck: {
    call: (vro) => vro.readinessCheck(PLAN, { generateReport: true }),
    sent: `POST /api/v7.21/Plans/${PLAN}/ReadinessCheck`,
    body: { generateReport: true },
  },
  failover: {
    call: (vro) => vro.failover(PLAN, { restorePointDate: null, executeChainedPlans: false }),
    sent: `POST /api/v7.21/Plans/${PLAN}/Failover`,
    body: { restorePointDate: null, executeChainedPlans: false },
  },
  restore: {
    call: (vro) =>
      vro.restore(PLAN, { restoreLocationId: LOCATION, virusScan: true, yaraScan: true, yaraRuleId: 'rule' }),
    sent: `POST /api/v7.21/Plans/${PLAN}/Restore`,
    body: { restoreLocationId: LOCATION, virusScan: true, yaraScan: true, yaraRuleId: 'rule' },
  },
  halt: {
    call: (vro) => vro.halt(PLAN, { fullStop: true }),
    sent: `POST /api/v7.21/Plans/${PLAN}/Halt`,
    body: { fullStop: true },
  },
  continuePlan: {
    call: (vro) => vro.continuePlan(PLAN, { executionContinueOptions: 'RetryFailedVm' }),
    sent: `POST /api/v7.21/Plans/${PLAN}/Continue`,
    body: { executionContinueOptions: 'RetryFailedVm' },
  },
  undo: { call: (vro) => vro.undo(PLAN), sent: `POST /api/v7.21/Plans/${PLAN}/Undo` },
  permanentFailover: {
    call: (vro) => vro.permanentFailover(PLAN),
    sent: `POST /api/v7.21/Plans/${PLAN}/PermanentFailover`,
  },
  failbackToProduction: {
    call: (vro) =>
      vro.failbackToProduction(PLAN, { restoreLocationId: LOCATION, failbackRestoreVMTags: true }),
    sent: `POST /api/v7.21/Plans/${PLAN}/FailbackToProduction`,
    body: { restoreLocationId: LOCATION, failbackRestoreVMTags: true },
  },
  prepareToFailback: {
    call: (vro) => vro.prepareToFailback(PLAN, { restoreLocationId: LOCATION, quickRollback: true }),
    sent: `POST /api/v7.21/Plans/${PLAN}/PrepareToFailback`,
    body: { restoreLocationId: LOCATION, quickRollback: true },
  },
  switchoverToProduction: {
    call: (vro) => vro.switchoverToProduction(PLAN),
    sent: `POST /api/v7.21/Plans/${PLAN}/SwitchoverToProduction`,
  },
  commitFailback: {
    call: (vro) => vro.commitFailback(PLAN),
    sent: `POST /api/v7.21/Plans/${PLAN}/CommitFailback`,
  },
  resetState: {
    call: (vro) => vro.resetState(PLAN, { executeReadinessCheck: false }),
    sent: `POST /api/v7.21/Plans/${PLAN}/ResetState`,
    body: { executeReadinessCheck: false },
  },
  resetChangeLog: {
    call: (vro) => vro.resetChangeLog(PLAN, { generateDrReport: true }),
    sent: `POST /api/v7.21/Plans/${PLAN}/ResetChangeLog`,
    body: { generateDrReport: true },
  },
  clone: {
    call: (vro) => vro.clone(PLAN, { name: 'ERP copy' }),
    sent: `POST /api/v7.21/Plans/${PLAN}/Clone`,
    body: { name: 'ERP copy' },
  },
  'schedule.saveTime': {
    call: (vro) => vro.schedule.saveTime(PLAN, { startTime: '2026-02-15T06:00:00Z', virusScan: true }),
    sent: `PUT /api/v7.21/Plans/${PLAN}/Schedule/SaveTime`,
    body: { startTime: '2026-02-15T06:00:00Z', virusScan: true },
  },
  'schedule.saveRunAfter': {
    call: (vro) => vro.schedule.saveRunAfter(PLAN, { previousPlanId: GROUP }),
    sent: `PUT /api/v7.21/Plans/${PLAN}/Schedule/SaveRunAfter`,
    body: { previousPlanId: GROUP },
  },
  'schedule.delete': {
    call: (vro) => vro.schedule.delete(PLAN),
    sent: `DELETE /api/v7.21/Plans/${PLAN}/Schedule`,
  },
  'recoveryLocations.list': {
    call: (vro) => vro.recoveryLocations.list(),
    sent: `GET /api/v7.21/RecoveryLocations${FIRST_PAGE}`,
    answer: PAGE,
  },
  'recoveryLocations.get': {
    call: (vro) => vro.recoveryLocations.get(LOCATION),
    sent: `GET /api/v7.21/RecoveryLocations/${LOCATION}`,
    answer: { id: LOCATION },
  },
  'runtimeDetails.plan': {
    call: (vro) => vro.runtimeDetails.plan(PLAN),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}`,
  },
  'runtimeDetails.groups': {
    call: (vro) => vro.runtimeDetails.groups(PLAN),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}/Groups${FIRST_PAGE}`,
    answer: PAGE,
  },
  'runtimeDetails.groupVms': {
    call: (vro) => vro.runtimeDetails.groupVms(PLAN, GROUP),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}/Groups/${GROUP}${FIRST_PAGE}`,
    answer: PAGE,
  },
  'runtimeDetails.groupSteps': {
    call: (vro) => vro.runtimeDetails.groupSteps(PLAN, GROUP),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}/Groups/${GROUP}/Steps${FIRST_PAGE}`,
    answer: PAGE,
  },
  'runtimeDetails.vmSteps': {
    call: (vro) => vro.runtimeDetails.vmSteps(PLAN, VM),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}/Vms/${VM}/Steps${FIRST_PAGE}`,
    answer: PAGE,
  },
  'runtimeDetails.step': {
    call: (vro) => vro.runtimeDetails.step(PLAN, STEP),
    sent: `GET /api/v7.21/RuntimeDetails/Plans/${PLAN}/Steps/${STEP}${FIRST_PAGE}`,
    answer: PAGE,
  },
  'scopes.list': {
    call: (vro) => vro.scopes.list(),
    sent: `GET /api/v7.21/Scopes${FIRST_PAGE}`,
    answer: PAGE,
  },
  'scopes.yaraRules': {
    call: (vro) => vro.scopes.yaraRules(SCOPE),
    sent: `GET /api/v7.21/Scopes/${SCOPE}/YaraRules${FIRST_PAGE}`,
    answer: PAGE,
  },
  'licenseUsage.server': {
    call: (vro) => vro.licenseUsage.server(),
    sent: 'GET /api/v7.21/License/Usage/Server',
  },
  'licenseUsage.scope': {
    call: (vro) => vro.licenseUsage.scope(SCOPE),
    sent: `GET /api/v7.21/License/Usage/Scopes/${SCOPE}`,
  },
  'licenseUsage.plan': {
    call: (vro) => vro.licenseUsage.plan(PLAN),
    sent: `GET /api/v7.21/License/Usage/Plans/${PLAN}`,
  },
};
