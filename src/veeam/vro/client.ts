import { createCaller } from '../caller.ts';
import { badOption, settingsOf } from '../options.ts';
import type { ConnectionOptions, Credentials } from '../options.ts';
import { planActions } from './actions.ts';
import type { PlanActions } from './actions.ts';
import { plans } from './plans.ts';
import type { Plans } from './plans.ts';
import { runtimeDetails } from './runtime-details.ts';
import type { RuntimeDetails } from './runtime-details.ts';

const API_VERSIONS = ['v7.1', 'v7.2', 'v7.21'] as const;

export type VroOptions = ConnectionOptions & {
  /** Default `v7.21`. */
  readonly apiVersion?: (typeof API_VERSIONS)[number];
  readonly credentials: Credentials;
};

/** Veeam Recovery Orchestrator. Every call fails with a VeeamError, or with what `beforeSend` or a secret threw. */
export interface VroClient extends Plans, PlanActions {
  readonly runtimeDetails: RuntimeDetails;
  /** Ends reads with veeam.cancelled and refuses new calls. Commands already sent get their answer. */
  close(): Promise<void>;
}

/** A client for one VRO server; connects at the first call. Throws veeam.badInput for options that cannot work. */
export function createVroClient({ apiVersion = 'v7.21', credentials, ...rest }: VroOptions): VroClient {
  if (!API_VERSIONS.includes(apiVersion)) {
    throw badOption(rest.connection, `apiVersion must be one of ${API_VERSIONS.join(', ')}`);
  }
  const caller = createCaller({
    settings: settingsOf(rest),
    credentials,
    root: `/api/${apiVersion}`,
    tokenPath: '/api/token',
  });
  return {
    ...plans(caller),
    ...planActions(caller),
    runtimeDetails: runtimeDetails(caller),
    close: () => caller.close(),
  };
}
