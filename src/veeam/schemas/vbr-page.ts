import { z } from 'zod';

/** VBR's collections. `pagination.total` counts all items that match, not those in `data`. */
export function vbrPageOf<T>(item: z.ZodType<T>) {
  return z.looseObject({
    data: z.array(item),
    pagination: z.looseObject({
      total: z.number(),
      count: z.number(),
      skip: z.number().nullish(),
      limit: z.number().nullish(),
    }),
  });
}
