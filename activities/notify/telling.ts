import type { ChannelStore } from '../../src/store/index.ts';
import { toStepError } from '../step-error.ts';
import type { Channel, Sending } from './channel.ts';
import type { Delivery, Message } from './message.ts';
import { tell } from './tell.ts';

/**
 * Sends a message through a channel, once, and notes how the channel did.
 *
 * @throws StepError `notify.badChannel`, `notify.refused`, `notify.notReached`
 */
export async function telling(
  health: Pick<ChannelStore, 'took' | 'failed'>,
  channel: Channel,
  message: Message,
  options: Sending & { readonly to?: readonly string[] },
): Promise<Delivery> {
  // People are told although the store is away; then nobody can see how the channel does.
  const note = (work: Promise<void>): Promise<void> => work.catch(() => undefined);
  try {
    const delivery = await tell(channel, message, options);
    const { note: trouble } = delivery;
    await note(trouble === undefined ? health.took(channel.name) : health.failed(channel.name, trouble));
    return delivery;
  } catch (error) {
    if (options.signal.aborted) throw error;
    const failure = toStepError(error);
    await note(health.failed(channel.name, failure.message));
    throw failure;
  }
}
