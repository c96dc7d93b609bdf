import { z } from 'zod';
import type { SpokenAnswer } from './emergency-requests.ts';

/** What is asked over HTTP in an emergency: the one source for the server and its OpenAPI page. */

const path = z.string().min(1).max(500);

export const spokenBody = z.strictObject({
  gate: path,
  approver: z.string().regex(/^[^\p{Cc}]{1,64}$/u),
  code: z.string().min(1).max(32),
  decision: z.enum(['approve', 'reject']),
  comment: z.string().max(1_000).exactOptional(),
});

export const breakGlassBody = z.strictObject({ gate: path, reason: z.string().trim().min(1).max(1_000) });

export const spokenAnswer = z.looseObject({
  state: z.enum(['waitsForWitness', 'counted']),
  until: z.int().exactOptional(),
}) as unknown as z.ZodType<SpokenAnswer, SpokenAnswer>;
