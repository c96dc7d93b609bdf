import { z } from 'zod';

/** License instances that a server, scope or plan uses. */
export const licenseUsage = z.looseObject({
  newInstances: z.number().nullish(),
  managedInstances: z.number().nullish(),
});
