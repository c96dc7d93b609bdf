import { z } from 'zod';
import type { ListedToken, MadeToken, PersonNow } from '../identity/index.ts';
import type { Delegation, IdentityEvent } from '../store/index.ts';
import { typedLine, typedReason } from './typed-text.ts';
import { list, told } from './wire-answers.ts';

/** What is asked over HTTP about people, tokens and delegations: the one source for the server and its OpenAPI page. */

const person = typedLine(64).min(1);
const reason = typedReason(500);
const moment = z.int().nonnegative();
const text = z.string();
const time = z.int().describe('milliseconds since 1970');

export const delegateBody = z.strictObject({ to: person, until: moment, reason });
export const delegationParams = z.object({ id: typedLine(100).min(1) });

export const personParams = z.object({ person });
export const revokeBody = z.strictObject({ reason });
export const eventsQuery = z.strictObject({
  person: person.exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).exactOptional(),
});

export const tokenBody = z.strictObject({
  note: typedReason(200),
  scope: z.strictObject({
    actions: z.array(typedLine(64)).min(1).max(100),
    runbooks: typedLine(64).exactOptional(),
  }),
  validMs: z.int().positive(),
  person: person.exactOptional(),
});
export const tokensQuery = z.strictObject({ everybody: z.stringbool().exactOptional() });
export const tokenParams = z.object({ id: typedLine(100).min(1) });

export const delegation = told<Delegation>({
  id: text,
  from: text,
  to: text,
  reason: text.optional(),
  begins: time,
  ends: time,
});
export const delegations = list(delegation);
export const peopleList = list(
  told<PersonNow>({ id: text, name: text, kind: text, grants: z.array(z.looseObject({ role: text })) }),
);
export const identityEvents = list(
  told<IdentityEvent>({ kind: text, at: time, person: text, by: text.optional(), detail: text.optional() }),
);
const token = { id: text, person: text, note: text, madeAt: time, expiresAt: time, lastUsedAt: time };
export const listedTokens = list(told<ListedToken>(token));
export const madeToken = told<MadeToken>({ ...token, credential: text.describe('shown this once') });
