import { z } from 'zod';

/** VRO's collections. `total` counts all items that match, not those in `data`. */
export function pageOf<T>(item: z.ZodType<T>) {
  return z.looseObject({ total: z.number().int().min(0), data: z.array(item) });
}
