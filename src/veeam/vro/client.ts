import { createCaller } from '../caller.ts';
import type { Session } from '../caller.ts';
import type { CallOptions } from '../calls.ts';
import { badOption, settingsOf } from '../options.ts';
import type { ConnectionOptions, Credentials } from '../options.ts';
import { planActions } from './actions.ts';
import type { PlanActions } from './actions.ts';
import { clients } from './clients.ts';
import type { Clients } from './clients.ts';
import { LICENSE_PATHS, licenseUsages } from './license-usage.ts';
import type { LicensePath, LicenseUsages } from './license-usage.ts';
import { mfa } from './mfa.ts';
import type { Mfa } from './mfa.ts';
import { VRO_OPERATIONS } from './operations.ts';
import { planContents } from './plan-contents.ts';
import type { PlanContents } from './plan-contents.ts';
import { plans } from './plans.ts';
import type { Plans } from './plans.ts';
import { recoveryLocations } from './recovery-locations.ts';
import type { RecoveryLocations } from './recovery-locations.ts';
import { runtimeDetails } from './runtime-details.ts';
import type { RuntimeDetails } from './runtime-details.ts';
import { schedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { scopes } from './scopes.ts';
import type { Scopes } from './scopes.ts';
import { VRO_API_VERSIONS } from './versions.ts';
import type { VroApiVersion } from './versions.ts';
import { vroCalls } from './vro-calls.ts';

export type VroOptions = ConnectionOptions & {
  /** Default `v7.21`. A call that this version lacks fails with veeam.badInput, and nothing is sent. */
  readonly apiVersion?: VroApiVersion;
  readonly credentials: Credentials;
  /** The spelling of the license paths that is tried first. Default `/License/Usage`. */
  readonly licensePath?: LicensePath;
};

/** Veeam Recovery Orchestrator. Every call fails with a VeeamError, or with what `beforeSend` or a secret threw. */
export interface VroClient extends Plans, PlanActions {
  readonly planContents: PlanContents;
  readonly schedule: Schedule;
  readonly runtimeDetails: RuntimeDetails;
  readonly recoveryLocations: RecoveryLocations;
  readonly scopes: Scopes;
  readonly licenseUsage: LicenseUsages;
  readonly clients: Clients;
  readonly mfa: Mfa;
  /** The session that is open now; undefined before the first call and after a logout. */
  session(): Session | undefined;
  /** Ends the session at the server, if one is open. The next call logs in again. */
  logout(options?: CallOptions): Promise<void>;
  /** Ends reads with veeam.cancelled and refuses new calls. Commands already sent get their answer. */
  close(): Promise<void>;
}

/** A client for one VRO server; connects at the first call. Throws veeam.badInput for options that cannot work. */
export function createVroClient({
  apiVersion = 'v7.21',
  licensePath = LICENSE_PATHS[0],
  credentials,
  ...rest
}: VroOptions): VroClient {
  if (!VRO_API_VERSIONS.includes(apiVersion)) {
    throw badOption(rest.connection, `apiVersion must be one of ${VRO_API_VERSIONS.join(', ')}`);
  }
  if (!LICENSE_PATHS.includes(licensePath)) {
    throw badOption(rest.connection, `licensePath must be one of ${LICENSE_PATHS.join(', ')}`);
  }
  const caller = createCaller({
    settings: settingsOf(rest),
    credentials,
    root: `/api/${apiVersion}`,
    tokenPath: VRO_OPERATIONS.login.path,
  });
  const calls = vroCalls(caller, apiVersion);
  return {
    ...plans(calls),
    ...planActions(calls),
    planContents: planContents(calls),
    schedule: schedule(calls),
    runtimeDetails: runtimeDetails(calls),
    recoveryLocations: recoveryLocations(calls),
    scopes: scopes(calls),
    licenseUsage: licenseUsages(calls, licensePath),
    clients: clients(calls),
    mfa: mfa(calls),
    session: () => caller.session(),
    logout: (options) => {
      const { method, path } = VRO_OPERATIONS.logout;
      return caller.logout(`${method} ${path}`, { ...options, absolute: true });
    },
    close: () => caller.close(),
  };
}
