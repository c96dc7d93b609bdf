import type { Caller } from '../caller.ts';
import type { CallOptions, CommandOptions } from '../calls.ts';
import type { CallSite } from '../errors.ts';
import { parseAnswer } from '../parse-answer.ts';
import { recoveryToken, recoveryTokenPage } from '../schemas/recovery-token.ts';
import type { HttpAnswer } from '../transport.ts';
import type { RecoveryToken, RecoveryTokenPage } from '../types.ts';

export type RecoveryTokensQuery = {
  readonly skip?: number;
  readonly limit?: number;
  readonly orderColumn?: 'Name' | 'ExpirationDate';
  readonly orderAsc?: boolean;
  /** `*` stands for any characters. */
  readonly nameFilter?: string;
};

export type NewRecoveryToken = {
  readonly backupIds: readonly string[];
  /** ISO date. */
  readonly expirationDate: string;
};

export type RecoveryTokenChange = {
  readonly id: string;
  readonly name: string;
  /** ISO date. */
  readonly expirationDate: string;
  readonly recoveryToken?: string;
};

/** Tokens with which a machine is restored from its agent backup on bare metal. */
export interface RecoveryTokens {
  /** One page. */
  list(query?: RecoveryTokensQuery, options?: CallOptions): Promise<RecoveryTokenPage>;
  /** The answer carries the secret. */
  create(token: NewRecoveryToken, options?: CommandOptions): Promise<RecoveryToken>;
  get(id: string, options?: CallOptions): Promise<RecoveryToken>;
  update(token: RecoveryTokenChange, options?: CommandOptions): Promise<RecoveryToken>;
  remove(id: string, options?: CommandOptions): Promise<void>;
}

const COLLECTION = '/api/v1/agents/recoveryTokens';

export function recoveryTokens(caller: Caller): RecoveryTokens {
  const tokenFrom = (answer: HttpAnswer, site: CallSite) => {
    const token = parseAnswer(answer, recoveryToken, site);
    caller.scrubber.learnFrom(token);
    return token;
  };

  return {
    list: (query = {}, options = {}) =>
      caller.read({ call: `GET ${COLLECTION}`, query, schema: recoveryTokenPage }, options),
    create: (body, options) =>
      caller.command({ call: `POST ${COLLECTION}`, body, result: tokenFrom }, options),
    get: (id, options) =>
      caller.read({ call: `GET ${COLLECTION}/{id}`, params: { id }, schema: recoveryToken }, options),
    update: async (body, options) => {
      caller.scrubber.learnFrom(body);
      return caller.command(
        { call: `PUT ${COLLECTION}/{id}`, params: { id: body.id }, body, result: tokenFrom },
        options,
      );
    },
    remove: (id, options) =>
      caller.command({ call: `DELETE ${COLLECTION}/{id}`, params: { id }, result: () => undefined }, options),
  };
}
