import { z } from 'zod';
import { DEFAULT_REVEAL_TO } from '../model/secrets.ts';
import { action, durationText, MINUTE, type ActionSpec } from './action.ts';
import { issuedToken } from './vbr-outputs.ts';

const onTokens = { system: 'vbr', timeoutMs: 5 * MINUTE } as const;
const validFor = durationText.meta({ description: 'counted from now: 90s, 15m, 2h, 1d' });

/** Recovery tokens: with one, a machine is restored from its agent backup on bare metal. */
export const VBR_TOKENS = {
  'vbr.issueRecoveryToken': action({
    ...onTokens,
    summary:
      'Issues a recovery token for bare-metal recovery of agents; it is sealed, and the run never sees it.',
    target: { kind: 'recoveryToken' },
    effect: 'command',
    impact: 'isolated',
    undo: 'clean',
    input: z.strictObject({
      backupIds: z.array(z.uuid()).min(1).max(100),
      validFor: durationText.meta({
        description: 'counted from now: 90s, 15m, 2h, 1d; of tokens issued at once, each a second longer',
      }),
      revealTo: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,62}$/, {
          error: 'write the name of a role: lower-case letters, digits and `-`, beginning with a letter',
        })
        .default(DEFAULT_REVEAL_TO)
        .meta({ description: 'the role of those who may see the token (`muster secret reveal`)' }),
    }),
    output: issuedToken,
  }),
  'vbr.renewRecoveryToken': action({
    ...onTokens,
    summary: 'Moves the end of a recovery token; it expires `validFor` from now.',
    target: { kind: 'recoveryToken', input: 'id' },
    effect: 'command',
    impact: 'isolated',
    undo: 'none',
    input: z.strictObject({ id: z.uuid(), validFor }),
    output: z.object({ id: z.string(), name: z.string(), expires: z.string() }),
  }),
  'vbr.listRecoveryTokens': action({
    ...onTokens,
    summary: 'Lists the recovery tokens, without the tokens themselves.',
    effect: 'read',
    impact: 'none',
    undo: 'none',
    timeoutMs: 10 * MINUTE,
    input: z.strictObject({
      name: z.string().max(200).optional().meta({ description: 'filter, `*` stands for any text' }),
    }),
    output: z.object({
      tokens: z.array(z.object({ id: z.string(), name: z.string(), expires: z.string() })),
      total: z.int(),
    }),
  }),
  'vbr.revokeRecoveryToken': action({
    ...onTokens,
    summary: 'Revokes a recovery token; one that is gone already is fine.',
    target: { kind: 'recoveryToken', input: 'id' },
    effect: 'command',
    impact: 'isolated',
    undo: 'none',
    input: z.strictObject({ id: z.uuid() }),
    output: z.object({ id: z.string(), revoked: z.boolean() }),
  }),
} as const satisfies Record<string, ActionSpec>;
