/** One page, or what was collected of several. `total` is the server's count of all that match. */
export type Page<T> = { readonly total: number; readonly data: readonly T[] };

/** Items asked for at once: a few round trips for the largest plans, and far below the body limit. */
export const PAGE_SIZE = 200;

/**
 * Reads page after page until everything or `limit` items are there. `data` shorter than `total` means that
 * the limit cut it. `keyOf` names an item, so that items which move between pages are not counted twice and a
 * server that ignores `start` does not make this endless.
 */
export async function collectPages<T>(
  fetchPage: (start: number, limit: number) => Promise<Page<T>>,
  { limit, keyOf }: { limit: number; keyOf?: (item: T) => string },
): Promise<Page<T>> {
  const seen = new Set<string>();
  const data: T[] = [];
  let read = 0;
  let total = 0;
  do {
    const page = await fetchPage(read, Math.min(PAGE_SIZE, limit - data.length));
    total = page.total;
    read += page.data.length;
    const fresh = keyOf === undefined ? page.data : page.data.filter((item) => firstTime(seen, keyOf(item)));
    if (fresh.length === 0) break;
    data.push(...fresh);
  } while (read < total && data.length < limit);
  return { total: Math.max(total, data.length), data: data.slice(0, limit) };
}

function firstTime(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
