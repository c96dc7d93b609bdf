import { createCaller } from '../caller.ts';
import type { Session } from '../caller.ts';
import type { CallOptions } from '../calls.ts';
import { operationCalls } from '../operation-calls.ts';
import { badOption, settingsOf } from '../options.ts';
import type { ConnectionOptions, VbrCredentials } from '../options.ts';
import { vbrServerInfo, vbrServerTime } from '../schemas/vbr-server.ts';
import { authorizationCode } from './authorization-code.ts';
import type { AuthorizationCode } from './authorization-code.ts';
import { backups } from './backups.ts';
import type { Backups } from './backups.ts';
import type { VbrCalls } from './calls.ts';
import { failback } from './failback.ts';
import type { Failback } from './failback.ts';
import { failover } from './failover.ts';
import type { Failover } from './failover.ts';
import { VBR_API_VERSIONS, VBR_OPERATIONS } from './operations.ts';
import { recoveryTokens } from './recovery-tokens.ts';
import type { RecoveryTokens } from './recovery-tokens.ts';
import { replicaPoints, replicas } from './replicas.ts';
import type { ReplicaPoints, Replicas } from './replicas.ts';
import { sessions, taskSessions } from './sessions.ts';
import type { Sessions, TaskSessions } from './sessions.ts';
import type { VbrServerInfo, VbrServerTime } from './types.ts';

export type VbrOptions = ConnectionOptions & {
  /** Sent as `x-api-version` with every request. Default `1.1-rev1`. */
  readonly apiVersion?: (typeof VBR_API_VERSIONS)[number];
  readonly credentials: VbrCredentials;
  /** Asks for refresh tokens of short life (`use_short_term_refresh`). Default false. */
  readonly shortTermRefresh?: boolean;
};

/**
 * Veeam Backup & Replication. Every call fails with a VeeamError, or with what `beforeSend` or a secret threw.
 * A call that the API version does not have is veeam.badInput, and nothing is sent.
 */
export interface VbrClient {
  readonly recoveryTokens: RecoveryTokens;
  readonly authorizationCode: AuthorizationCode;
  readonly backups: Backups;
  readonly replicas: Replicas;
  readonly replicaPoints: ReplicaPoints;
  readonly failover: Failover;
  readonly failback: Failback;
  readonly sessions: Sessions;
  readonly taskSessions: TaskSessions;
  serverTime(options?: CallOptions): Promise<VbrServerTime>;
  serverInfo(options?: CallOptions): Promise<VbrServerInfo>;
  /** The session that is open now; undefined before the first call and after a logout. */
  session(): Session | undefined;
  /** Ends the session on the server, if there is one. The next call logs in again. */
  logout(options?: CallOptions): Promise<void>;
  /** Ends reads with veeam.cancelled and refuses new calls. Commands already sent get their answer. */
  close(): Promise<void>;
}

/** A client for one VBR server; connects at the first call. Throws veeam.badInput for options that cannot work. */
export function createVbrClient({
  apiVersion = '1.1-rev1',
  credentials,
  shortTermRefresh = false,
  ...rest
}: VbrOptions): VbrClient {
  if (!VBR_API_VERSIONS.includes(apiVersion)) {
    throw badOption(rest.connection, `apiVersion must be one of ${VBR_API_VERSIONS.join(', ')}`);
  }
  const caller = createCaller({
    settings: settingsOf(rest),
    credentials,
    root: '',
    tokenPath: VBR_OPERATIONS.login.path,
    headers: { 'x-api-version': apiVersion },
    shortTermRefresh,
  });
  const calls: VbrCalls = operationCalls(caller, { table: VBR_OPERATIONS, version: apiVersion });
  const { logout } = VBR_OPERATIONS;

  return {
    recoveryTokens: recoveryTokens(calls),
    authorizationCode: authorizationCode(calls),
    backups: backups(calls),
    replicas: replicas(calls),
    replicaPoints: replicaPoints(calls),
    failover: failover(calls),
    failback: failback(calls),
    sessions: sessions(calls),
    taskSessions: taskSessions(calls),
    serverTime: (options) => calls.read('serverTime', { schema: vbrServerTime }, options),
    serverInfo: (options) => calls.read('serverInfo', { schema: vbrServerInfo }, options),
    session: () => caller.session(),
    logout: (options) => caller.logout(`${logout.method} ${logout.path}`, options),
    close: () => caller.close(),
  };
}
