import type { CallOptions, CommandOptions } from '../calls.ts';
import type { CallSite } from '../errors.ts';
import { parseAnswer } from '../parse-answer.ts';
import { recoveryToken } from '../schemas/recovery-token.ts';
import type { HttpAnswer } from '../transport.ts';
import type { RecoveryToken } from '../types.ts';
import type { VbrCalls } from './calls.ts';
import { vbrCollection } from './collection.ts';
import type { VbrCollection, VbrPaging } from './collection.ts';

type Column = 'Name' | 'ExpirationDate';

export type RecoveryTokenFilters = {
  /** `*` stands for any characters. */
  readonly nameFilter?: string;
};

export type RecoveryTokensQuery = VbrPaging<Column> & RecoveryTokenFilters;

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
export interface RecoveryTokens extends VbrCollection<RecoveryToken, Column, RecoveryTokenFilters> {
  /** The answer carries the secret. */
  create(token: NewRecoveryToken, options?: CommandOptions): Promise<RecoveryToken>;
  get(id: string, options?: CallOptions): Promise<RecoveryToken>;
  update(token: RecoveryTokenChange, options?: CommandOptions): Promise<RecoveryToken>;
  remove(id: string, options?: CommandOptions): Promise<void>;
}

export function recoveryTokens(calls: VbrCalls): RecoveryTokens {
  const { scrubber } = calls.caller;
  const tokenFrom = (answer: HttpAnswer, site: CallSite) => {
    const token = parseAnswer(answer, recoveryToken, site);
    scrubber.learnFrom(token);
    return token;
  };

  return {
    ...vbrCollection(calls, { verb: 'recoveryTokens.list', item: recoveryToken }),
    create: (body, options) => calls.command('recoveryTokens.create', { body, result: tokenFrom }, options),
    get: (id, options) =>
      calls.read('recoveryTokens.get', { params: { id }, schema: recoveryToken }, options),
    update: (body, options) => {
      scrubber.learnFrom(body);
      return calls.command(
        'recoveryTokens.update',
        { params: { id: body.id }, body, result: tokenFrom },
        options,
      );
    },
    remove: (id, options) =>
      calls.command('recoveryTokens.remove', { params: { id }, result: () => undefined }, options),
  };
}
