import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();

/** A scope of VRO: the part of the inventory that some accounts may work with. */
export const vroScope = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  description: text,
  isDefault: z.boolean().nullish(),
  state: openEnum<'Active'>().nullish(),
  serverId: text,
  siteName: text,
});

/** A rule for YARA scans. Only the id is needed to use it; the vendor does not publish the other properties. */
export const yaraRule = z.looseObject({ id: z.string().min(1), name: text, description: text });
