import { z } from 'zod';

/** Answer of VRO's `POST /Clients`. */
export const clientAccount = z.looseObject({
  client_id: z.string().min(1),
  /** The secret itself, which is shown only here. */
  client_secret: z.string().min(1),
});
