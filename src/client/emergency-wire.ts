import { z } from 'zod';
import type { SpokenAnswer } from './emergency-requests.ts';
import { typedLine, typedReason, typedText } from './typed-text.ts';
import { stepPath } from './wire.ts';

/** What is asked over HTTP in an emergency: the one source for the server and its OpenAPI page. */

export const spokenBody = z.strictObject({
  gate: stepPath,
  approver: typedLine(64).min(1),
  code: typedLine(32).min(1),
  decision: z.enum(['approve', 'reject']),
  comment: typedText(1_000).exactOptional(),
});

export const breakGlassBody = z.strictObject({ gate: stepPath, reason: typedReason(1_000) });

export const spokenAnswer = z.looseObject({
  state: z.enum(['waitsForWitness', 'counted']),
  until: z.int().exactOptional(),
}) as unknown as z.ZodType<SpokenAnswer, SpokenAnswer>;
