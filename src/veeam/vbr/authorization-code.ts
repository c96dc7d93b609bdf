import type { CommandOptions } from '../calls.ts';
import { parseAnswer } from '../parse-answer.ts';
import { authorizationCode as schema } from '../schemas/vbr-server.ts';
import type { VbrCalls } from './calls.ts';

/** Codes with which another client logs in once as the account of this connection. */
export interface AuthorizationCode {
  /** A fresh code: a secret. */
  create(options?: CommandOptions): Promise<{ readonly code: string }>;
}

export function authorizationCode(calls: VbrCalls): AuthorizationCode {
  return {
    create: (options) =>
      calls.command(
        'authorizationCode.create',
        {
          result: (answer, site) => {
            const { code } = parseAnswer(answer, schema, site);
            calls.caller.scrubber.learn(code);
            return { code };
          },
        },
        options,
      ),
  };
}
