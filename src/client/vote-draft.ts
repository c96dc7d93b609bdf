import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { VoteDraft } from './answer.ts';

const draft = z.object({
  runId: z.string(),
  runbook: z.string(),
  said: z.custom<VoteDraft['said']>((value) => typeof value === 'object' && value !== null),
  nonce: z.string(),
});

/** A draft as it is kept while the identity provider asks the person. */
export function keptDraft(made: VoteDraft): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(made));
  return isJsonObject(json) ? json : {};
}

/** Read back from where only this server writes. */
export function readDraft(kept: JsonObject): VoteDraft {
  return draft.parse(kept);
}
