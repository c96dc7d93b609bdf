import type { CommandOptions } from '../calls.ts';
import { checkBody, jsonOf } from '../parse-answer.ts';
import { mfaSecret } from '../schemas/mfa-secret.ts';
import type { MfaSecret } from '../types.ts';
import type { VroCalls } from './vro-calls.ts';

/** The second factor of the account. */
export interface Mfa {
  /**
   * Makes the secret for an authenticator app, once per account: the server refuses a second time with
   * veeam.unauthorized. `mfaToken` comes from a login of an account that has MFA enabled.
   */
  generateCode(mfaToken: string, options?: CommandOptions): Promise<MfaSecret>;
}

export function mfa(calls: VroCalls): Mfa {
  const { scrubber } = calls.caller;
  return {
    generateCode: async (mfaToken, options) => {
      scrubber.learn(mfaToken);
      return calls.command(
        'mfa.generateCode',
        {
          body: { mfaToken },
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
