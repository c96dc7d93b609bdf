import type { z } from 'zod';
import type { CallOptions } from '../calls.ts';
import type { CollectOptions } from '../operation-calls.ts';
import { collectPages } from '../paging.ts';
import type { Page } from '../paging.ts';
import type { Params, Query } from '../path.ts';
import { vbrPageOf } from '../schemas/vbr-page.ts';
import type { VbrCalls, VbrReadVerb } from './calls.ts';

/** A page as VBR answers it. */
export type VbrPage<T> = z.infer<ReturnType<typeof vbrPageOf<T>>>;

/** Which page, and in which order. */
export type VbrPaging<Column extends string> = {
  /** Default 0. */
  readonly skip?: number;
  /** The server's default is 200. */
  readonly limit?: number;
  readonly orderColumn?: Column;
  readonly orderAsc?: boolean;
};

/** A collection of VBR. Times in filters are ISO dates; `*` in a name filter stands for any characters. */
export interface VbrCollection<T, Column extends string, Filters> {
  /** One page. */
  list(query?: VbrPaging<Column> & Filters, options?: CallOptions): Promise<VbrPage<T>>;
  /** Everything that matches, page by page; `data` shorter than `total` means that the limit cut it. */
  all(
    query?: Omit<VbrPaging<Column>, 'skip' | 'limit'> & Filters,
    options?: CollectOptions,
  ): Promise<Page<T>>;
}

export function vbrCollection<
  T extends { readonly id: string },
  Column extends string,
  Filters extends Query,
>(
  calls: VbrCalls,
  { verb, item, params }: { verb: VbrReadVerb; item: z.ZodType<T>; params?: Params },
): VbrCollection<T, Column, Filters> {
  const schema: z.ZodType<VbrPage<T>> = vbrPageOf(item);
  const list = (query: Query = {}, options: CallOptions = {}) =>
    calls.read(verb, { params, query, schema }, options);

  return {
    list,
    all: (query, { limit = calls.caller.limits.items, signal } = {}) =>
      collectPages<T>(
        async (skip, size) => {
          const page = await list({ ...query, skip, limit: size }, { signal });
          return { total: page.pagination.total, data: page.data };
        },
        { limit, keyOf: ({ id }) => id },
      ),
  };
}
