import { z } from 'zod';
import { action, durationText, MINUTE, type ActionSpec } from './action.ts';

/** A recovery token as a run may see it: never the token itself. */
export const issuedToken = z.object({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string().meta({ description: 'first 16 hex digits of the SHA-256 of the token' }),
  expires: z.string(),
});

/** What a runbook can do with Veeam Backup & Replication. */
export const VBR_ACTIONS = {
  'vbr.issueRecoveryToken': action({
    summary: 'Issues a recovery token for bare-metal recovery of agents; the token goes to the secret sink.',
    system: 'vbr',
    target: { kind: 'recoveryToken' },
    effect: 'command',
    impact: 'isolated',
    undo: 'clean',
    timeoutMs: 5 * MINUTE,
    input: z.strictObject({ backupIds: z.array(z.uuid()).min(1).max(100), validFor: durationText }),
    output: issuedToken,
  }),
  'vbr.listRecoveryTokens': action({
    summary: 'Lists the recovery tokens, without the tokens themselves.',
    system: 'vbr',
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
    summary: 'Revokes a recovery token; one that is gone already is fine.',
    system: 'vbr',
    target: { kind: 'recoveryToken', input: 'id' },
    effect: 'command',
    impact: 'isolated',
    undo: 'none',
    timeoutMs: 5 * MINUTE,
    input: z.strictObject({ id: z.uuid() }),
    output: z.object({ id: z.string(), revoked: z.boolean() }),
  }),
} as const satisfies Record<string, ActionSpec>;
