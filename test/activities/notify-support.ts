import type { Channel, Sending, WebhookChannel } from '../../activities/notify/channel.ts';
import type { Message } from '../../activities/notify/message.ts';
import { tell } from '../../activities/notify/tell.ts';
import { StepError } from '../../activities/step-error.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { RUN } from './support.ts';

/** Part of the addresses of channels, and what no message may hold. */
export const SECRET_PATH = `T00/B00/${canarySecret()}`;
export const SECRET = canarySecret();
/** When all messages are sent. */
export const NOW = Date.parse('2026-03-01T03:00:00Z');

export function message(changes: Partial<Message> = {}): Message {
  return {
    id: 'a1b2c3',
    event: 'notify',
    at: NOW,
    title: 'ERP: it is done',
    text: 'All machines run at the recovery site.',
    link: 'https://muster.example/runs/canary-1',
    run: RUN,
    ...changes,
  };
}

export function webhook(url: string, changes: Partial<WebhookChannel> = {}): WebhookChannel {
  return {
    kind: 'webhook',
    name: 'ops',
    url: async () => `${url}/${SECRET_PATH}`,
    secret: async () => SECRET,
    ...changes,
  };
}

/** Sends a message, as an activity does. */
export function send(
  channel: Channel,
  changes: Partial<Message> = {},
  options: Partial<Sending> & { readonly to?: readonly string[] } = {},
): ReturnType<typeof tell> {
  const { signal = new AbortController().signal, ...more } = options;
  return tell(channel, message(changes), { signal, now: NOW, ...more });
}

/** The error that sending ends with. */
export async function failureOf(sending: Promise<unknown>): Promise<StepError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof StepError) return error;
  throw new Error('it was sent, or failed otherwise', { cause: error });
}
