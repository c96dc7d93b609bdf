import { createCaller } from '../caller.ts';
import type { Session } from '../caller.ts';
import type { CallOptions, CommandOptions } from '../calls.ts';
import { operationCalls } from '../operation-calls.ts';
import { badOption, settingsOf } from '../options.ts';
import type { ConnectionOptions, PasswordCredentials } from '../options.ts';
import { about } from './about.ts';
import type { About } from './about.ts';
import { alarmTemplates, alarms } from './alarms.ts';
import type { Alarms } from './alarms.ts';
import type { OneApiVersion, OneCalls } from './calls.ts';
import type { OneObjects } from './collection.ts';
import { dataCollection } from './data-collection.ts';
import type { DataCollection } from './data-collection.ts';
import { ONE_API_VERSIONS, ONE_OPERATIONS } from './operations.ts';
import { protectedComputers, protectedVms } from './protected-data.ts';
import type { ProtectedComputers, ProtectedVms } from './protected-data.ts';
import { oneSessions } from './sessions.ts';
import type { OneSessions } from './sessions.ts';
import type { AlarmTemplate } from './types.ts';
import { vbrObjects } from './vbr-objects.ts';
import type { VbrObjects } from './vbr-objects.ts';

export type OneOptions = ConnectionOptions & {
  /** Default `v2.3`. */
  readonly apiVersion?: OneApiVersion;
  readonly credentials: PasswordCredentials;
};

/**
 * Veeam ONE. Every call fails with a VeeamError, or with what `beforeSend` or a secret threw.
 * All it shows is as old as the last data collection.
 */
export interface OneClient extends VbrObjects {
  readonly about: About;
  readonly sessions: OneSessions;
  readonly dataCollection: DataCollection;
  readonly protectedVms: ProtectedVms;
  readonly protectedComputers: ProtectedComputers;
  readonly alarms: Alarms;
  readonly alarmTemplates: OneObjects<AlarmTemplate>;
  /**
   * Makes tokens worthless: one access token, or all of the user with a security identifier (`S-1-5-…`).
   * When the connection's own token is among them, its next call logs in again.
   */
  revoke(
    target: { readonly token: string } | { readonly userSid: string },
    options?: CommandOptions,
  ): Promise<void>;
  /** The session that is open now; undefined before the first call and after a logout. */
  session(): Session | undefined;
  /** Revokes the token of this connection, if there is one. The next call logs in again. */
  logout(options?: CallOptions): Promise<void>;
  /** Ends reads with veeam.cancelled and refuses new calls. Commands already sent get their answer. */
  close(): Promise<void>;
}

/** A client for one Veeam ONE server; connects at the first call. Throws veeam.badInput for options that cannot work. */
export function createOneClient({ apiVersion = 'v2.3', credentials, ...rest }: OneOptions): OneClient {
  if (!ONE_API_VERSIONS.includes(apiVersion)) {
    throw badOption(rest.connection, `apiVersion must be one of ${ONE_API_VERSIONS.join(', ')}`);
  }
  const caller = createCaller({
    settings: settingsOf(rest),
    credentials,
    root: `/api/${apiVersion}`,
    tokenPath: ONE_OPERATIONS.login.path,
  });
  const calls: OneCalls = operationCalls(caller, { table: ONE_OPERATIONS, version: apiVersion });
  const { revoke } = ONE_OPERATIONS;

  return {
    about: about(calls),
    sessions: oneSessions(calls),
    dataCollection: dataCollection(calls),
    protectedVms: protectedVms(calls),
    protectedComputers: protectedComputers(calls),
    alarms: alarms(calls, apiVersion),
    alarmTemplates: alarmTemplates(calls),
    ...vbrObjects(calls),
    revoke: async (target, options) => {
      if ('token' in target) caller.scrubber.learn(target.token);
      const form = 'token' in target ? { token: target.token } : { UserSid: target.userSid };
      return calls.command('revoke', { form, result: () => undefined }, options);
    },
    session: () => caller.session(),
    logout: (options) =>
      caller.logout(`${revoke.method} ${revoke.path}`, {
        ...options,
        absolute: true,
        form: (token) => ({ token }),
      }),
    close: () => caller.close(),
  };
}
