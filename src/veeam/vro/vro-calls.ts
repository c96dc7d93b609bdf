import type { z } from 'zod';
import type { Caller } from '../caller.ts';
import { operationCalls } from '../operation-calls.ts';
import type { CollectOptions, OperationCalls, VerbOf } from '../operation-calls.ts';
import { collectPages } from '../paging.ts';
import type { Page } from '../paging.ts';
import type { Params } from '../path.ts';
import { pageOf } from '../schemas/page.ts';
import { VRO_OPERATIONS } from './operations.ts';
import { selectionQuery } from './query.ts';
import type { VroSelection } from './query.ts';
import type { VroApiVersion } from './versions.ts';

/** Options of a read that collects what VRO selects: never more than `limits.items` of the connection. */
export type VroCollectOptions = CollectOptions &
  VroSelection & {
    /** Items to leave out at the beginning. Default 0. */
    readonly start?: number | undefined;
  };

type Collection<T> = {
  readonly params?: Params;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly item: z.ZodType<T>;
  /** Names an item, see {@link collectPages}. */
  readonly keyOf?: (item: T) => string;
};

/** Calls by verb of VRO's table of operations. */
export interface VroCalls extends OperationCalls<typeof VRO_OPERATIONS> {
  /**
   * Reads a collection page by page. `total` is the server's count of all that match; `data` ending before it means
   * that the limit cut it.
   */
  collect<T>(
    verb: VerbOf<typeof VRO_OPERATIONS, 'GET'>,
    collection: Collection<T>,
    options?: VroCollectOptions,
  ): Promise<Page<T>>;
}

export function vroCalls(caller: Caller, version: VroApiVersion): VroCalls {
  const calls = operationCalls(caller, { table: VRO_OPERATIONS, version });
  const most = caller.limits.items;

  const collect: VroCalls['collect'] = async (
    verb,
    { params, query, item, keyOf },
    { start = 0, limit = most, filter, sort, signal } = {},
  ) => {
    const schema = pageOf(item);
    const selection = { ...query, ...selectionQuery({ filter, sort }) };
    let matching = 0;
    const { data } = await collectPages(
      async (offset, size) => {
        const page = await calls.read(
          verb,
          { params, query: { ...selection, start: start + offset, limit: size }, schema },
          { signal },
        );
        matching = page.total;
        return { total: page.total - start, data: page.data };
      },
      { limit: Math.min(limit, most), ...(keyOf === undefined ? {} : { keyOf }) },
    );
    return { total: Math.max(matching, data.length), data };
  };

  return { ...calls, collect };
}

/** The name of an item that has an id. */
export const idOf = ({ id }: { readonly id: string }): string => id;
