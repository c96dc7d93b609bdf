import { z } from 'zod';

/** What is asked over HTTP about people, tokens and delegations: the one source for the server and its OpenAPI page. */

const person = z.string().min(1).max(64);
const reason = z.string().trim().min(1).max(500);
const moment = z.int().nonnegative();

export const delegateBody = z.strictObject({ to: person, until: moment, reason });
export const delegationParams = z.object({ id: z.string().min(1).max(100) });

export const personParams = z.object({ person });
export const revokeBody = z.strictObject({ reason });
export const eventsQuery = z.strictObject({
  person: person.exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).exactOptional(),
});

export const tokenBody = z.strictObject({
  note: z.string().trim().min(1).max(200),
  scope: z.strictObject({
    actions: z.array(z.string().max(64)).min(1).max(100),
    runbooks: z.string().max(64).exactOptional(),
  }),
  validMs: z.int().positive(),
  person: person.exactOptional(),
});
export const tokensQuery = z.strictObject({ everybody: z.stringbool().exactOptional() });
export const tokenParams = z.object({ id: z.string().min(1).max(100) });
