import type { Channel, Sending } from './channel.ts';
import { tellByEmail } from './email.ts';
import type { Delivery, Message } from './message.ts';
import { tellSlack } from './slack.ts';
import { tellTeams } from './teams.ts';
import { tellWebhook } from './webhook.ts';

/**
 * Sends a message through a channel, once.
 *
 * @param options.to for e-mail: whom, instead of those of the channel
 * @throws StepError `notify.badChannel`, `notify.refused`, `notify.notReached`
 */
export function tell(
  channel: Channel,
  message: Message,
  options: Sending & { readonly to?: readonly string[] },
): Promise<Delivery> {
  switch (channel.kind) {
    case 'webhook':
      return tellWebhook(channel, message, options);
    case 'slack':
      return tellSlack(channel, message, options);
    case 'teams':
      return tellTeams(channel, message, options);
    case 'email':
      return tellByEmail(channel, message, options);
  }
}
