import { z } from 'zod';

/** Veeam ONE's collections. `totalCount` counts all items that match, not those in `items`. */
export function onePageOf<T>(item: z.ZodType<T>) {
  return z.looseObject({
    items: z
      .array(item)
      .nullish()
      .transform((items) => items ?? []),
    totalCount: z.number().int().min(0),
  });
}
