/** Bodies as the vendor's documentation prints them. */
export const PLAN_ID = '35818d71-45c7-4094-858b-efcce1d73e2c';
export const GROUP_ID = '04c0ffa2-b2aa-435d-8eaa-c79d14af16f6';
export const VM_ID = 'e331e72a-d006-434b-ac0a-a5d3ba6d831d';
export const STEP_ID = '6eecdb22-6901-41c6-be98-577f4f01b6b4';

export const PLAN_DETAILS = {
  state: 'RestoreComplete',
  stateName: 'Restored',
  stateOrder: '300. Restored',
  resultName: 'Complete, no errors, 1 warning',
  isEditingByCurrentUser: false,
  currentEditingUser: '',
  lastStableState: 'RestoreComplete',
  lastStableStateName: 'Restore',
  totalProgress: 100,
  isRunningState: false,
  isStableState: true,
  currentRunResult: 'Warning',
  currentTestResult: 'Undefined',
  currentCheckResult: 'Undefined',
  planType: 'Restore',
  recoveryLocationId: '66b41f69-36ae-4a3e-9f17-54ea4635c975',
  siteScopeId: '7514bfcc-dd93-418c-8ae3-8f43cc9bc9f7',
  siteScopeName: 'Admin Scope',
  recoveryToNewLocation: false,
  roles: ['DRSiteAdmin', 'DRPlanAuthor', 'DRPlanOperator'],
  isUndoPossible: false,
  isReversePossible: false,
  vendor: 'Unknown',
  id: PLAN_ID,
  name: 'vm1',
  progress: 100,
  executionState: 'Completed',
  executionResult: {
    result: 'Warning',
    details: [
      {
        friendlyInfo: 'VM is powered off',
        level: 'Normal',
        severity: 'Error',
        timestamp: '2020-01-10T11:56:01Z',
      },
    ],
    startTime: '2020-01-10T11:56:00Z',
    finishTime: '2020-01-10T11:56:10Z',
  },
};

export const GROUP = {
  groupType: 'VmGroup',
  successCount: 5,
  warningCount: 1,
  errorCount: 0,
  totalCount: 6,
  isProtected: false,
  isParallel: false,
  parallelProcessingVmsCount: 1,
  vmsCriticality: 'AllNotCritical',
  vcenter: 'vc1',
  datacenter: 'dc1',
  virtualGroupType: 'Normal',
  groupCategory: 'Tag',
  executionType: 'Replica',
  id: GROUP_ID,
  name: 'vm1',
  progress: 100,
  executionState: 'Completed',
  executionResult: {
    result: 'Warning',
    details: [
      {
        friendlyInfo: 'VM is powered off',
        level: 'Normal',
        severity: 'Error',
        timestamp: '2020-01-27T04:58:01Z',
      },
    ],
    startTime: '2020-01-27T04:58:00Z',
    finishTime: '2020-01-27T04:58:10Z',
  },
};

export const VM = {
  voId: 500,
  isCritical: true,
  successCount: 5,
  warningCount: 1,
  errorCount: 0,
  totalCount: 6,
  number: 1,
  isWebConsoleAvailable: true,
  sourceMissing: false,
  id: VM_ID,
  name: 'vm1',
  progress: 100,
  executionState: 'Completed',
  executionResult: {
    result: 'Warning',
    details: [
      {
        friendlyInfo: 'DataLab stopped with Warning',
        level: 'Normal',
        severity: 'Warning',
        timestamp: '2020-01-26T10:12:05Z',
      },
    ],
    startTime: '2020-01-26T10:12:00Z',
    finishTime: '2020-01-26T10:12:10Z',
  },
};

export const STEP = {
  actionType: 'CheckVmLicense',
  hidden: false,
  stepDefinitionUid: '838bd461-d101-4314-b32f-2e9079d7e24b',
  id: STEP_ID,
  name: 'Check license and availability',
  progress: 100,
  executionState: 'Completed',
  executionResult: {
    result: 'Success',
    details: [
      {
        friendlyInfo: '[VM license status] The VM is licensed',
        level: 'Critical',
        severity: 'Success',
        timestamp: '2020-01-28T16:35:01Z',
      },
    ],
    startTime: '2020-01-28T16:35:00Z',
    finishTime: '2020-01-28T16:35:02Z',
  },
};

export const STEP_DETAIL = {
  friendlyInfo: '[Step Sequence] Step is in correct sequence',
  level: 'Normal',
  severity: 'Success',
  timestamp: '2020-01-20T00:06:00Z',
};

export const pageOf = (...data: unknown[]) => ({ total: data.length, data });

/** Two answers of VRO's token endpoint: to a password, and to a refresh token. */
export const VRO_LOGIN = {
  access_token:
    '0G072fREAFX3G2hIOQYiCLxvx-NvSra2GtQMxUHHPFsh9a3RNmI2R6VI6evgdvIopQSLo6nAy_SvZ6YnQagc5vlJOcSzfMjU3LiRxUuE7VdTydd4Br6mpMCmxaGTIrFhnrhiBKqqVbhcXiVppx-lLOjFzO379fsyyXspmnnuhjzHdlTKTa4V5VDKrtpfoOZyiz1Pa8_r9JtPc0D6vldUbQ-bEskoXkZGbyEOb4kYk8XqLm69GGTmn4bO8_da2fPwH4yjj2yP5vxmTZi3Rto47YyPbW98l2-s4ocd3nJXsHYD-csU1U4zCTzfLENKR_JB',
  token_type: 'bearer',
  expires_in: 899,
  refresh_token: 'Yp5SaGYSR6ChFkr9T5LJ2PcNNGAR+Df9ixOALtAsOD0=',
};

export const VRO_CLIENT_LOGIN = {
  access_token:
    'RknUZHexLF2i_TyAqusCrT0UwTosECThrK-ZDKCrkLlKClG19Wmrr0CCMvas0wvddmbeVy345I404g52Ck26gDGKI1YuAjI6vYQZf78D_cE6MIrdqF6ckQRZkGtpInk8NO_pwAllhcowDfIgEOHZ39mTvUVVgkMovKrA_4az2E50G1-IRctPcdK3ivrJHrsUaG5oIg69YRrh_uPrFMXYk2xIEfoO8ehNsB_Vm1S_ngjMS2I6DICG4cPQboc7efO3L-BBxwnyj4lNYOSvIztkQxDuYAw5f06efHfwbP_ZksGmRZWUZcHvDVVUJZ3YJiQg7977LeyK9cQ847-nKIwlBw2jRR0MTstsgLIe44RLlyY',
  token_type: 'bearer',
  expires_in: 899,
  refresh_token: 'aUCl0dAA9FNg1FR3f1ShgzoznDTZIxGKjrtSzIabtoo=',
};

export const VRO_REFRESH = {
  access_token:
    'YSEoaL6H9EEyJpnrJ9WhLtzbrrBBYWqMQFDBQuLnp13qGQX6MjNfZ_wriPIRHQrbY-8dYtsWcRZQczIHVuSqbnVb00m-yOihPZZHQ48aP1VcgUtgnYTvtAO3WRJ1cJ8VaIXzsVYKIGrLa1Lm41LsjpMiiPZytkqIUUiphhlXn7Vm10xlTzQUe0TU3HmXK-KD2MiB6qBImaISkEjgCmyIsurSN2mHi1Qo8VlZadnhkBd3v6nD5GEb8Gh4Zw7YAv5klmrnM0iBu7xhev2hVMZvKHGXvGshI3gS24-hIWbSsBGarVnRLSiUzor6QExTGShSa7pIeJWsAtJXLF5a3oSUooUv_YMYe8d5iZEouUuirrw',
  token_type: 'bearer',
  expires_in: 899,
  refresh_token: 'vbGuPkz7XLS1p5PQ3EARoGGKJKFMdgBbIi6fH79WQac=',
};

/** VBR's login answer; the tokens are shortened. */
export const VBR_LOGIN = {
  access_token: 'eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJhY2Nlc3MifQ.PYyLnd-AGcQDiMN6RibL',
  token_type: 'bearer',
  refresh_token: 'eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJyZWZyZXNoIn0.RXx9xPlpoUuRwO7s',
  expires_in: 900,
  '.issued': '2023-04-24T14:24:18+01:00',
  '.expires': '2023-04-24T14:39:18+01:00',
};

export const RECOVERY_TOKEN = {
  id: '497f6eca-6276-4993-bfeb-53cbbbba6f08',
  name: 'string',
  recoveryToken: 'string',
  expirationDate: '2019-08-24T14:15:22Z',
};

export const RECOVERY_TOKENS = {
  data: [RECOVERY_TOKEN],
  pagination: { total: 0, count: 0, skip: 0, limit: 0 },
};
