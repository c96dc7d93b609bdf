import { createCaller } from '../caller.ts';
import type { CallOptions } from '../calls.ts';
import { badOption, settingsOf } from '../options.ts';
import type { ConnectionOptions, Credentials } from '../options.ts';
import { recoveryTokens } from './recovery-tokens.ts';
import type { RecoveryTokens } from './recovery-tokens.ts';

const API_VERSIONS = ['1.1-rev0', '1.1-rev1', '1.2-rev1'] as const;

export type VbrOptions = ConnectionOptions & {
  /** Sent as `x-api-version` with every request. Default `1.1-rev1`. */
  readonly apiVersion?: (typeof API_VERSIONS)[number];
  readonly credentials: Extract<Credentials, { kind: 'password' }>;
};

/** Veeam Backup & Replication. Every call fails with a VeeamError, or with what `beforeSend` or a secret threw. */
export interface VbrClient {
  readonly recoveryTokens: RecoveryTokens;
  /** Ends the session on the server, if there is one. The next call logs in again. */
  logout(options?: CallOptions): Promise<void>;
  /** Ends reads with veeam.cancelled and refuses new calls. Commands already sent get their answer. */
  close(): Promise<void>;
}

/** A client for one VBR server; connects at the first call. Throws veeam.badInput for options that cannot work. */
export function createVbrClient({ apiVersion = '1.1-rev1', credentials, ...rest }: VbrOptions): VbrClient {
  if (!API_VERSIONS.includes(apiVersion)) {
    throw badOption(rest.connection, `apiVersion must be one of ${API_VERSIONS.join(', ')}`);
  }
  const caller = createCaller({
    settings: settingsOf(rest),
    credentials,
    root: '',
    tokenPath: '/api/oauth2/token',
    headers: { 'x-api-version': apiVersion },
  });
  return {
    recoveryTokens: recoveryTokens(caller),
    logout: (options) => caller.logout('POST /api/oauth2/logout', options),
    close: () => caller.close(),
  };
}
