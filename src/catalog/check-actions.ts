import { z } from 'zod';
import { action, MINUTE, type ActionSpec } from './action.ts';

/** Looking at systems from outside. Only hosts that the configuration lists are reached. */
export const CHECK_ACTIONS = {
  'http.check': action({
    summary: 'Asks a URL and fails unless the answer is as expected.',
    effect: 'read',
    impact: 'none',
    undo: 'none',
    timeoutMs: 1 * MINUTE,
    input: z.strictObject({
      url: z
        .string()
        .max(2_000)
        .meta({ description: 'http or https; its host must be listed under checks.allow' }),
      expectStatus: z.int().min(100).max(599).default(200),
      contains: z.string().max(1_000).optional().meta({ description: 'text the body must contain' }),
    }),
    output: z.object({ status: z.int(), ms: z.int() }),
  }),
  'tcp.check': action({
    summary: 'Opens a TCP connection and fails when nobody answers.',
    effect: 'read',
    impact: 'none',
    undo: 'none',
    timeoutMs: 1 * MINUTE,
    input: z.strictObject({ host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) }),
    output: z.object({ ms: z.int() }),
  }),
} as const satisfies Record<string, ActionSpec>;
