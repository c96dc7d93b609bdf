import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();

/** A recovery location. */
export const recoveryLocation = z.looseObject({
  id: z.string().min(1),
  name: text,
  type: openEnum<'Restore' | 'Storage' | 'HyperV'>().nullish(),
  description: text,
  recoveryLocationDescription: text,
  /** True for the built-in location that restores every VM to where it was. */
  isOriginal: flag,
  useReIp: flag,
  useNetworkMapping: flag,
  availability: openEnum<'Available' | 'PartiallyAvailable'>().nullish(),
  /** The rules differ between kinds of locations and are not documented: handed out as they come. */
  computeGroups: z.unknown().optional(),
  reIpRules: z.unknown().optional(),
  networkMappingRules: z.unknown().optional(),
});
