/** How a channel did lately. Times are milliseconds since 1970. */
export interface ChannelHealth {
  readonly channel: string;
  /** When it last took a message. */
  readonly takenAt?: number;
  /** When it last did not, and why. */
  readonly failedAt?: number;
  readonly reason?: string;
  /** How many in a row it has not taken; 0 when it took the last one. */
  readonly failures: number;
}

/** What became of messages, by channel: a dead channel stops nothing, so somebody has to be able to see it. */
export interface ChannelStore {
  took(channel: string): Promise<void>;
  failed(channel: string, reason: string): Promise<void>;
  /** Every channel that was ever used, by name. */
  all(): Promise<readonly ChannelHealth[]>;
}
