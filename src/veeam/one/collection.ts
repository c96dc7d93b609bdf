import type { z } from 'zod';
import type { CallOptions } from '../calls.ts';
import type { CollectOptions } from '../operation-calls.ts';
import { collectPages } from '../paging.ts';
import type { Page } from '../paging.ts';
import type { Params } from '../path.ts';
import { onePageOf } from '../schemas/one-page.ts';
import type { OneCalls, OneReadVerb } from './calls.ts';
import { oneQueryParams } from './query.ts';
import type { OneField, OneQuery, OneSelection } from './query.ts';

/** Objects of Veeam ONE have numbers or UUIDs as ids. */
export type OneId = string | number;

/** A collection of Veeam ONE. */
export interface OneCollection<T> {
  /** One page. */
  list(query?: OneQuery, options?: CallOptions): Promise<Page<T>>;
  /** Everything that matches, page by page; `data` shorter than `total` means that the limit cut it. */
  all(selection?: OneSelection, options?: CollectOptions): Promise<Page<T>>;
  /**
   * As `all`, with these fields only: for collections of thousands.
   * The ids of an item, and its status where it has one, always come along.
   */
  select<F extends OneField<T>>(
    fields: readonly F[],
    selection?: OneSelection,
    options?: CollectOptions,
  ): Promise<Page<Pick<T, F>>>;
}

/** A collection whose items are also read by id. */
export interface OneObjects<T> extends OneCollection<T> {
  get(id: OneId, options?: CallOptions): Promise<T>;
}

type CollectionSpec<T> = {
  readonly verb: OneReadVerb;
  readonly item: z.ZodType<T>;
  /** The fields that together tell items apart: an id alone may stand for several, as a backup does for many VMs. */
  readonly identity: readonly OneField<T>[];
  /** Other fields without which an item is not understood. Default none. */
  readonly needs?: readonly OneField<T>[];
  readonly params?: Params;
  /** See {@link oneQueryParams}. */
  readonly wireName?: (property: string) => string;
};

export function oneCollection<T extends object>(
  calls: OneCalls,
  { verb, item, identity, needs = [], params, wireName }: CollectionSpec<T>,
): OneCollection<T> {
  const schema = onePageOf(item);

  async function page(
    query: OneQuery & { readonly select?: readonly string[] | undefined },
    options: CallOptions | undefined,
  ): Promise<Page<T>> {
    const answer = await calls.read(
      verb,
      { params, query: oneQueryParams(query, wireName), schema },
      options,
    );
    return { total: answer.totalCount, data: answer.items };
  }

  /** Items without any id (the vendor allows it for some) are told apart by all they have. */
  function keyOf(one: T): string {
    const ids: unknown[] = identity.map((field) => one[field] ?? null);
    return JSON.stringify(ids.every((id) => id === null) ? one : ids);
  }

  const collect = (
    selection: OneSelection & { readonly select?: readonly string[] },
    { limit = calls.caller.limits.items, signal }: CollectOptions = {},
  ) =>
    collectPages<T>((offset, size) => page({ ...selection, offset, limit: size }, { signal }), {
      limit,
      keyOf,
    });

  return {
    list: (query = {}, options) => page(query, options),
    all: (selection = {}, options) => collect(selection, options),
    select: (fields, selection = {}, options) =>
      collect({ ...selection, select: [...new Set<string>([...identity, ...needs, ...fields])] }, options),
  };
}

export function oneObjects<T extends object>(
  calls: OneCalls,
  {
    getVerb,
    idName,
    ...collection
  }: CollectionSpec<T> & {
    getVerb: OneReadVerb;
    /** The place in the path of `getVerb`. */
    idName: string;
  },
): OneObjects<T> {
  return {
    ...oneCollection(calls, collection),
    get: (id, options) =>
      calls.read(getVerb, { params: { [idName]: String(id) }, schema: collection.item }, options),
  };
}
