import { createIdentityNotices } from '../../activities/index.ts';
import type { Config } from '../config/index.ts';
import type { IdentityEvent, Stores } from '../store/index.ts';
import { openChannels } from './channels.ts';

/** Tells everybody who hears of gates or of schedules what happened with accounts. */
export async function tellIdentity(config: Config, stores: Stores, event: IdentityEvent): Promise<void> {
  const { gates, schedules, roles } = config.notifications;
  const tell = createIdentityNotices({
    channels: openChannels(config),
    audience: [...gates, ...schedules, ...[...roles.values()].flat()],
    health: stores.channels,
  });
  await tell(event);
}
