import type { ChannelStore } from '../../src/store/index.ts';
import { StepError } from '../step-error.ts';
import type { Channel, Channels } from './channel.ts';
import type { Message } from './message.ts';
import { telling } from './telling.ts';

/** How many deliveries are remembered, so that another try tells only those who were not told. */
const MAX_REMEMBERED = 5_000;

/** What broadcasts are made with. */
export interface BroadcastParts {
  readonly channels: Channels;
  readonly health: Pick<ChannelStore, 'took' | 'failed'>;
  readonly now?: () => number;
}

/**
 * Sends messages through several channels, each by itself: one that is dead keeps no other from hearing. A call that failed
 * may be made again; channels that took the message, or refused it for good, are not asked twice by this worker.
 */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #done = new Set<string>();

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
  }

  /** @throws StepError of a channel for which another try may do better */
  async send(names: readonly string[], message: Message): Promise<void> {
    const { channels } = this.#parts;
    const failures: StepError[] = [];
    const all = [...new Set(names)].flatMap((name) => channels.find(name) ?? []);
    await Promise.all(all.map(async (channel) => failures.push(...(await this.#sendOne(channel, message)))));
    if (failures[0] !== undefined) throw failures[0];
  }

  async #sendOne(channel: Channel, message: Message): Promise<StepError[]> {
    const { health, now = Date.now } = this.#parts;
    const key = `${message.id} ${channel.name}`;
    if (this.#done.has(key)) return [];
    try {
      // Nothing of it is long: each channel has its own time.
      const { signal } = new AbortController();
      await telling(health, channel, message, { signal, now: now() });
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      if (error.passing) return [error];
    }
    remember(this.#done, key);
    return [];
  }
}

/** Adds to a set that stays small: the oldest goes. */
export function remember(set: Set<string>, key: string): void {
  set.add(key);
  const [oldest] = set;
  if (set.size > MAX_REMEMBERED && oldest !== undefined) set.delete(oldest);
}
