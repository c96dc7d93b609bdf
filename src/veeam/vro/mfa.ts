import type { CommandOptions, FirstFactor } from '../calls.ts';
import { checkBody, jsonOf } from '../parse-answer.ts';
import { mfaSecret } from '../schemas/mfa-secret.ts';
import type { MfaSecret } from '../types.ts';
import type { VroCalls } from './vro-calls.ts';

export type GenerateCodeOptions = CommandOptions & {
  /**
   * Of a login elsewhere; the call is then made in this connection's session. Default: the client logs in with the
   * password of this connection and takes the MFA token of the answer, so that an account which has no secret yet,
   * and so no session, can have one made.
   */
  readonly mfaToken?: string | undefined;
};

/** The second factor of the account. */
export interface Mfa {
  /**
   * Makes the secret for an authenticator app, once per account: the server refuses a second time with
   * veeam.unauthorized. veeam.badInput when the login brought no MFA token, as MFA is not enabled for the account,
   * or when the connection has no password to log in with.
   */
  generateCode(options?: GenerateCodeOptions): Promise<MfaSecret>;
}

export function mfa(calls: VroCalls): Mfa {
  const { caller } = calls;
  const { scrubber } = caller;

  async function logIn(options: CommandOptions): Promise<FirstFactor & { mfaToken: string }> {
    const { accessToken, mfaToken } = await caller.firstFactor(options);
    if (mfaToken !== undefined) return { accessToken, mfaToken };
    const detail = 'the login brought no MFA token: MFA is not enabled for this account';
    throw calls.error('veeam.badInput', 'mfa.generateCode', detail);
  }

  return {
    generateCode: async ({ mfaToken: given, ...options } = {}) => {
      calls.requireVersion('mfa.generateCode');
      if (given !== undefined) scrubber.learn(given);
      const as = given === undefined ? await logIn(options) : undefined;
      return calls.command(
        'mfa.generateCode',
        {
          as,
          body: { mfaToken: given ?? as?.mfaToken },
          result: (answer, site) => {
            const secret = checkBody(jsonOf(answer, site), mfaSecret, { site, status: answer.status });
            scrubber.learn(secret.mfaKey);
            scrubber.learn(secret.mfaQrCodeUrl ?? '');
            return secret;
          },
        },
        options,
      );
    },
  };
}
