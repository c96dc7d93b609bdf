import type { Page } from '../paging.ts';
import { vroScope, yaraRule } from '../schemas/vro-scope.ts';
import type { VroScope, YaraRule } from '../types.ts';
import { idOf } from './vro-calls.ts';
import type { VroCollectOptions, VroCalls } from './vro-calls.ts';

/**
 * The scopes that the account may see: what is outside of them does not appear in any list, and no call says so.
 * Collections are read page by page; `data` shorter than `total` means that the limit cut it.
 */
export interface Scopes {
  list(options?: VroCollectOptions): Promise<Page<VroScope>>;
  /** The rules that a restore of this scope can scan with. */
  yaraRules(scopeId: string, options?: VroCollectOptions): Promise<Page<YaraRule>>;
}

export function scopes(calls: VroCalls): Scopes {
  return {
    list: (options) => calls.collect('scopes.list', { item: vroScope, keyOf: idOf }, options),
    yaraRules: (scopeId, options) =>
      calls.collect('scopes.yaraRules', { params: { scopeId }, item: yaraRule, keyOf: idOf }, options),
  };
}
