import { z } from 'zod';
import { action, MINUTE, type ActionSpec } from './action.ts';

const tells = {
  effect: 'notify',
  impact: 'none',
  undo: 'none',
  timeoutMs: 5 * MINUTE,
} as const;

const channel = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .meta({ description: 'the name of a channel in muster.yaml' });
const title = z.string().max(1_000).optional().meta({ description: 'a line above the text' });
/** Channels hold less; what is too long for one is cut there, and never the reason why nobody hears of it. */
const text = z.string().min(1).max(20_000).meta({ description: 'what people read, as it is' });

const output = z.object({
  delivered: z.boolean().meta({ description: 'whether the channel took it' }),
});

/**
 * Telling people. Best effort: a channel that does not take a message leaves its step warned, and nothing waits for it
 * longer than its time.
 */
export const NOTIFY_ACTIONS = {
  'notify.webhook': action({
    ...tells,
    summary: 'Tells a webhook, with a signature.',
    input: z.strictObject({ channel, title, text }),
    output,
  }),
  'notify.slack': action({
    ...tells,
    summary: 'Writes to a Slack channel.',
    input: z.strictObject({ channel, title, text }),
    output,
  }),
  'notify.teams': action({
    ...tells,
    summary: 'Writes to a Microsoft Teams channel.',
    input: z.strictObject({ channel, title, text }),
    output,
  }),
  'notify.email': action({
    ...tells,
    summary: 'Sends an e-mail.',
    input: z.strictObject({
      channel,
      title: title.meta({ description: 'the subject' }),
      text,
      to: z
        .array(z.email().max(254))
        .min(1)
        .max(50)
        .optional()
        .meta({ description: 'addresses; default: those of the channel' }),
    }),
    output,
  }),
} as const satisfies Record<string, ActionSpec>;
